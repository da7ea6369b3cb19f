import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitCli } from '../../git/gitCli';
import { isCode } from './workspaceChange';
import { parseIndex, type IndexNotes } from './indexNotes';

/**
 * What the workspace's index says of files that `git status` passes over. `git update-index --skip-worktree` marks files as a
 * sparse checkout marks those that it leaves out: one that is there is only unwatched. `probe.sh` goes by the same rule.
 */
export async function readIndex(
  git: GitCli,
): Promise<
  IndexNotes & { /** Whether they hold as long as the index is the same one. */ readonly isLasting: boolean }
> {
  const notes = parseIndex((await git.run(['ls-files', '-v', '-s', '-z'])).stdout);
  const isThere = await presentOf(git.dir, notes.hidden);
  const hidden = notes.hidden.filter((path) => !isThere.has(path));
  const unwatched = [...notes.unwatched, ...isThere];
  // With a sparse checkout git itself takes the mark for nothing once a file is there.
  const isPlain = unwatched.length + notes.submodules.length === 0;
  const isLasting = isPlain && (hidden.length === 0 || (await isSparse(git)));
  return { ...notes, hidden, unwatched, isLasting };
}

async function isSparse(git: GitCli): Promise<boolean> {
  const { stdout } = await git.run(['config', '--bool', 'core.sparseCheckout']);
  return stdout.toString('utf8').trim() === 'true';
}

/** Which of the paths are there. A sparse checkout leaves out whole folders: each is read once instead of its files. */
async function presentOf(root: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const names = new Map<string, ReadonlySet<string>>();
  const present = new Set<string>();
  for (const path of paths) {
    const end = path.lastIndexOf('/') + 1;
    const folder = path.slice(0, end);
    const known = names.get(folder) ?? new Set(await namesIn(join(root, folder)));
    names.set(folder, known);
    if (known.has(path.slice(end))) present.add(path);
  }
  return present;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}
