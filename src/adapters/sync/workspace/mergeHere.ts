import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CommitPlan } from '../../../core/sync/plan';
import { ProjectSyncError } from '../../../core/sync/projectSyncError';
import type { GitCli } from '../../git/gitCli';
import { splitWords } from '../checkout/words';
import type { CommitParts } from '../commitParts';
import { statIfThere } from './workspaceChange';

/** Where a merge happens and where it may put things. */
export interface MergePlace {
  /** At the top of the repository. */
  readonly git: GitCli;
  readonly top: string;
  /** Path of the project below the top, with a slash at its end; backups are by paths of the project. */
  readonly prefix: string;
  readonly gitDir: string;
  /** Absolute; the folder of the transfer that is under way. */
  readonly pending: string;
  /** Absolute; takes files that git left half written. */
  readonly backupDir: string;
}

/**
 * Moves the branch forward to commits that arrived, as `merge.sh` does in the checkout. Files that are to be left alone
 * get their new entry in the index first, which makes git leave them.
 *
 * @throws ProjectSyncError when git does not want to; everything is as before then
 */
export async function mergeHere(
  place: MergePlace,
  { to, from }: CommitPlan,
  parts: CommitParts,
): Promise<void> {
  const { git, gitDir, pending } = place;
  const head = (await git.text(['rev-parse', '--verify', '--quiet', 'HEAD'])).trim();
  if (head !== (from ?? '')) throw refused('The workspace went to another commit since the comparison.');
  const inTheWay = await listTouched(git, parts, ['--others']);
  if (inTheWay.length > 0) throw refused(`Files in the way are not in git: ${inTheWay.join(', ')}.`);
  const index = join(gitDir, 'index');
  if (await statIfThere(index)) await copyFile(index, join(pending, 'index.before'));
  await writeFile(join(pending, 'merging'), to);
  const noted = await git.run(['update-index', '-z', '--index-info'], parts.index);
  const merged =
    noted.exitCode === 0 ? await git.run(['merge', '-q', '--ff-only', '--no-overwrite-ignore', to]) : noted;
  if (merged.exitCode === 0) return;
  await takeBack(place, parts.touched);
  throw refused(`git does not take the commits: ${merged.stderr}`);
}

/** Back to HEAD: the index as it was, and files that git had begun to change; those go to the backup first. */
export async function takeBack(place: MergePlace, touched: Buffer): Promise<void> {
  const { git, top, prefix, gitDir, pending, backupDir } = place;
  const before = join(pending, 'index.before');
  if (await statIfThere(before)) {
    await copyFile(before, join(gitDir, 'index.lock'));
    await rename(join(gitDir, 'index.lock'), join(gitDir, 'index'));
  } else {
    await rm(join(gitDir, 'index.lock'), { force: true });
    await rm(join(gitDir, 'index'), { force: true });
  }
  const parts = { touched, index: Buffer.alloc(0) };
  const torn = [
    ...(await listTouched(git, parts, ['--modified'])),
    ...(await listTouched(git, parts, ['--others'])),
  ];
  for (const path of new Set(torn)) {
    if (!(await statIfThere(join(top, path)))) continue;
    const copy = join(backupDir, path.startsWith(prefix) ? path.slice(prefix.length) : path);
    await mkdir(dirname(copy), { recursive: true });
    await rename(join(top, path), copy);
  }
  const gone = await listTouched(git, parts, ['--deleted']);
  await git.run(
    ['checkout-index', '-f', '-z', '--stdin'],
    Buffer.from(gone.map((path) => `${path}\0`).join('')),
  );
}

/** Which of the touched paths `git ls-files` lists. In pieces: a command line has room for so many. */
async function listTouched(
  git: GitCli,
  { touched }: CommitParts,
  kind: readonly string[],
): Promise<string[]> {
  const paths = splitWords(touched);
  const listed: string[] = [];
  for (let start = 0; start < paths.length; start += 500) {
    const args = ['--literal-pathspecs', 'ls-files', '-z', ...kind, '--', ...paths.slice(start, start + 500)];
    listed.push(...splitWords((await git.run(args)).stdout));
  }
  return listed;
}

function refused(text: string): ProjectSyncError {
  return new ProjectSyncError(`${text} Nothing was changed.`, [
    { text: 'Compare again.', blocks: true, about: 'everything' },
  ]);
}
