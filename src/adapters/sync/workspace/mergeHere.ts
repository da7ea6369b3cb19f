import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText } from '../../../core/base/errors';
import type { CommitPlan } from '../../../core/sync/plan';
import type { GitCli } from '../../git/gitCli';
import { splitWords } from '../checkout/words';
import type { CommitParts } from '../commitParts';
import type { MergeRefusal } from '../mergeRefusal';
import { noteGit } from './gitAtWork';
import { IndexCopy } from './indexCopy';
import { fileAbove, putBack } from './putBack';
import { statIfThere } from './workspaceChange';
import { editedOf, headOf } from './workspaceGit';

/** Where a merge happens. */
export interface MergePlace {
  /** At the top of the repository. */
  readonly git: GitCli;
  readonly top: string;
  readonly gitDir: string;
  /** Absolute; the folder of the transfer that is under way. */
  readonly pending: string;
  /** Of the transfer. */
  readonly id: string;
}

/**
 * Moves the branch forward to commits that arrived. The rule is in src/README.md; `merge.sh` follows the same one in the
 * checkout.
 *
 * @returns why not; everything is as before then
 */
export async function mergeHere(
  place: MergePlace,
  commits: CommitPlan,
  parts: CommitParts,
): Promise<MergeRefusal | undefined> {
  const copy = new IndexCopy(place.gitDir, place.id);
  await writeFile(join(place.pending, 'merging'), '');
  try {
    const refusal = (await lockIndex(copy)) ?? (await takeCommits(place, commits, parts, copy));
    if (!refusal) await copy.install();
    return refusal;
  } finally {
    await copy.drop();
  }
}

async function lockIndex(copy: IndexCopy): Promise<MergeRefusal | undefined> {
  try {
    return (await copy.lock()) ? undefined : { kind: 'locked', file: copy.lockFile };
  } catch (error) {
    return { kind: 'refused', text: errorText(error), left: [] };
  }
}

async function takeCommits(
  place: MergePlace,
  { to }: CommitPlan,
  parts: CommitParts,
  copy: IndexCopy,
): Promise<MergeRefusal | undefined> {
  const { git, pending } = place;
  const onCopy = { GIT_INDEX_FILE: copy.file };
  await copy.make(join(pending, 'index.before'));
  const edited = await editedOf(git, splitWords(parts.touched), onCopy);
  if (edited.length > 0) return { kind: 'edited', paths: edited };
  const paths = await inTheWay(place, splitWords(parts.added));
  if (paths.length > 0) return { kind: 'inTheWay', paths };
  // An entry that is already as the commits want it makes git leave the file alone, whatever it holds.
  const noted = await git.run(['update-index', '-z', '--index-info'], parts.index, onCopy);
  if (noted.exitCode !== 0) return { kind: 'refused', text: noted.stderr, left: [] };
  // Before that nothing is git's, whatever its bytes.
  await writeFile(join(pending, 'begun'), '');
  const merge = ['merge', '-q', '--ff-only', '--no-squash', '--no-overwrite-ignore', to];
  const merged = await git.run(['-c', 'merge.autoStash=false', ...merge], undefined, onCopy, (pid) => {
    // At once, and before anything else happens: a recovery asks for this process.
    noteGit(pending, pid);
  });
  if ((await headOf(git)) === to) return undefined;
  // A merge that git refuses has touched nothing. One that it could not finish, e.g. on a full disk, has.
  return { kind: 'refused', text: merged.stderr, left: await putBack(place, to, parts) };
}

/** What git does not know and the commits would run over, ignored or not. Folders git looks into itself. */
async function inTheWay({ git, top }: MergePlace, added: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of added) {
    const above = await fileAbove(top, path);
    if (above !== undefined) {
      const known = ['--literal-pathspecs', 'ls-files', '--error-unmatch', '--', above];
      if (!(await git.succeeds(known))) found.add(above);
    } else {
      const stat = await statIfThere(join(top, path));
      if (stat && !stat.isDirectory()) found.add(path);
    }
  }
  return [...found];
}
