import { lstat, readdir, readFile, readlink, rm, rmdir } from 'node:fs/promises';
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
  const edited = await editedOf(git, splitWords(parts.touched));
  const left: string[] = [];
  const torn: string[] = [];
  const isGits = async (path: string): Promise<boolean> =>
    startsAsIn(join(top, path), await git.contentAt(to, path));
  // What is new first: a file of before may have become a folder of it.
  for (const path of splitWords(parts.added)) {
    // Below a file or a link nothing is git's: git would have replaced that first, and behind a link may be anybody's.
    if ((await fileAbove(top, path)) !== undefined) continue;
    ((await isGone(top, path, isGits)) ? torn : left).push(path);
  }
  for (const path of edited) {
    const isFree = (await fileAbove(top, path)) === undefined && (await isGone(top, path, isGits));
    (isFree ? torn : left).push(path);
  }
  // Never with -f, which would remove a whole folder in a file's place.
  await git.run(['checkout-index', '-q', '-z', '--stdin'], joinWords(torn));
  return [...left, ...(await editedOf(git, torn))];
}

/** The uppermost of the folders above a path that is none: a file or a link. */
export async function fileAbove(top: string, path: string): Promise<string | undefined> {
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    const stat = await statIfThere(join(top, path.slice(0, end)));
    if (!stat) return undefined;
    if (!stat.isDirectory()) return path.slice(0, end);
  }
  return undefined;
}

/** Removes what is at a path if it is git's; true when nothing is there then. */
async function isGone(
  top: string,
  path: string,
  isGits: (path: string) => Promise<boolean>,
): Promise<boolean> {
  const file = join(top, path);
  const stat = await statIfThere(file);
  if (!stat) return true;
  if (stat.isDirectory()) return isEmptied(file);
  if (!(await isGits(path))) return false;
  await rm(file);
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    if (!(await isRemoved(join(top, folder)))) break;
  }
  return true;
}

/** Removes a folder that was made for files which never came, with those in it; true when it is gone. */
async function isEmptied(folder: string): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await isEmptied(join(folder, entry.name));
  }
  return isRemoved(folder);
}

/** Removes a folder that is empty. */
async function isRemoved(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}

async function startsAsIn(file: string, content: Buffer | undefined): Promise<boolean> {
  if (!content) return false;
  const stat = await lstat(file);
  if (stat.isSymbolicLink()) return content.equals(Buffer.from(await readlink(file)));
  if (!stat.isFile() || stat.size > content.length) return false;
  return content.subarray(0, stat.size).equals(await readFile(file));
}
