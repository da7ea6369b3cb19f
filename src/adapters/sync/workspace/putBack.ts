import { lstat, readFile, readlink, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GitCli } from '../../git/gitCli';
import { joinWords, splitWords } from '../checkout/words';
import type { CommitParts } from '../commitParts';
import { statIfThere } from './workspaceChange';
import { editedOf } from './workspaceGit';

/**
 * Takes back what git had begun to write of commits. It is known by its bytes: a file of the commits, or the beginning of
 * one; those are in the repository, so nothing is lost with it. What holds anything else is its owner's and stays.
 *
 * @param top - of the repository, absolute; `git` works there
 * @returns paths of that, and of what could not be put back
 */
export async function putBack(
  { git, top }: { readonly git: GitCli; readonly top: string },
  to: string,
  parts: Pick<CommitParts, 'touched' | 'added'>,
): Promise<string[]> {
  const touched = splitWords(parts.touched);
  const left: string[] = [];
  const torn: string[] = [];
  for (const path of [...(await editedOf(git, touched)), ...splitWords(parts.added)]) {
    const isGits = await isGone(top, path, async (file) => startsAsIn(file, await git.contentAt(to, path)));
    (isGits ? torn : left).push(path);
  }
  // Never with -f, which would remove a whole folder in a file's place.
  await git.run(['checkout-index', '-q', '-z', '--stdin'], joinWords(torn));
  return [...left, ...(await editedOf(git, torn))];
}

/** Removes what is at a path if it is git's; true when nothing is there then. */
async function isGone(
  top: string,
  path: string,
  isGits: (file: string) => Promise<boolean>,
): Promise<boolean> {
  const file = join(top, path);
  const stat = await statIfThere(file);
  if (!stat) return true;
  if (stat.isDirectory()) return rmdir(file).then(...yesOrNo);
  if (!(await isGits(file))) return false;
  await rm(file);
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    if (!(await rmdir(join(top, folder)).then(...yesOrNo))) break;
  }
  return true;
}

const yesOrNo = [() => true, () => false] as const;

async function startsAsIn(file: string, content: Buffer | undefined): Promise<boolean> {
  if (!content) return false;
  const stat = await lstat(file);
  if (stat.isSymbolicLink()) return content.equals(Buffer.from(await readlink(file)));
  if (!stat.isFile() || stat.size > content.length) return false;
  return content.subarray(0, stat.size).equals(await readFile(file));
}
