import type { CommitChanges, History } from '../../core/sync/sideState';
import type { GitCli } from '../git/gitCli';
import { parseRawDiff } from './checkout/diffWords';
import { readCommitChanges } from './workspace/workspaceGit';

/** @see git-hash-object(1): the tree without entries */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const NONE: CommitChanges = new Map();

/** What is known of the two sides' commits before they are compared. */
export interface Heads {
  readonly git: GitCli;
  readonly here: string | undefined;
  readonly there: string | undefined;
  /** The section `relation` of `probe.sh`. */
  readonly relation: readonly string[];
  /** Asks the checkout what its commits changed since a commit or tree. */
  readonly changesThere: (from: string) => Promise<ChangesThere>;
}

export interface ChangesThere {
  /** All that its HEAD has. */
  readonly commits: number;
  readonly changes: CommitChanges;
}

/** How the commits lie to each other, found out on the side that has the commits of both. */
export async function readHistory({ git, here, there, relation, changesThere }: Heads): Promise<History> {
  if (here === there)
    return { relation: 'same', ahead: 0, behind: 0, localChanges: NONE, remoteChanges: NONE };
  if (there === undefined && here !== undefined) return allAhead(git, here);
  if (here === undefined) {
    const { commits, changes } = await changesThere(EMPTY_TREE);
    return { relation: 'behind', ahead: 0, behind: commits, localChanges: NONE, remoteChanges: changes };
  }
  if (there !== undefined && (await git.succeeds(['cat-file', '-e', `${there}^{commit}`]))) {
    return bothKnownHere(git, here, there);
  }
  if (relation[0] === 'known') return bothKnownThere(git, here, relation.slice(1));
  return onlyPartlyKnown({ git, here, newestThere: relation.slice(1), changesThere });
}

/** The checkout has no commit yet. */
async function allAhead(git: GitCli, here: string): Promise<History> {
  const ahead = Number((await git.text(['rev-list', '--count', here])).trim());
  const localChanges = await readCommitChanges(git, EMPTY_TREE, here);
  return { relation: 'ahead', ahead, behind: 0, localChanges, remoteChanges: NONE };
}

async function bothKnownHere(git: GitCli, here: string, there: string): Promise<History> {
  const mergeBase = (await git.run(['merge-base', here, there])).stdout.toString('utf8').trim();
  if (mergeBase === '') return { relation: 'unrelated', localChanges: NONE, remoteChanges: NONE };
  const [counts, localChanges, remoteChanges] = await Promise.all([
    git.text(['rev-list', '--left-right', '--count', `${here}...${there}`]),
    readCommitChanges(git, mergeBase, here),
    readCommitChanges(git, mergeBase, there),
  ]);
  return { ...countsOf(counts), mergeBase, localChanges, remoteChanges };
}

/** `2\t1`, and the diff from the merge base to the checkout's HEAD, both told by the checkout. */
async function bothKnownThere(
  git: GitCli,
  here: string,
  [mergeBase = '', counts = '', ...diff]: readonly string[],
): Promise<History> {
  if (mergeBase === '') return { relation: 'unrelated', localChanges: NONE, remoteChanges: NONE };
  const localChanges = mergeBase === here ? NONE : await readCommitChanges(git, mergeBase, here);
  return { ...countsOf(counts), mergeBase, localChanges, remoteChanges: parseRawDiff(diff) };
}

/** Each side has commits that the other has not: the newest of the checkout's that is known here is where they part. */
async function onlyPartlyKnown({
  git,
  here,
  newestThere,
  changesThere,
}: Pick<Heads, 'git' | 'changesThere'> & {
  readonly here: string;
  readonly newestThere: readonly string[];
}): Promise<History> {
  const checked = await git.run(
    ['cat-file', '--batch-check=%(objecttype)'],
    Buffer.from(newestThere.join('\n') + '\n'),
  );
  const types = checked.stdout.toString('utf8').split('\n');
  const position = newestThere.findIndex((_, index) => types[index] === 'commit');
  const common = newestThere[position];
  // Both may have the whole past of the other and more than we were told of.
  if (common === undefined) return { relation: 'unrelated', localChanges: NONE, remoteChanges: NONE };
  const mergeBase = (await git.run(['merge-base', here, common])).stdout.toString('utf8').trim();
  if (mergeBase === '') return { relation: 'unrelated', localChanges: NONE, remoteChanges: NONE };
  const ahead = Number((await git.text(['rev-list', '--count', `${mergeBase}..${here}`])).trim());
  const [localChanges, { changes: remoteChanges }] = await Promise.all([
    readCommitChanges(git, mergeBase, here),
    changesThere(mergeBase),
  ]);
  return { relation: 'diverged', ahead, behind: position, mergeBase, localChanges, remoteChanges };
}

function countsOf(text: string): Pick<History, 'relation' | 'ahead' | 'behind'> {
  const [ahead = 0, behind = 0] = text.trim().split(/\s+/).map(Number);
  const relation =
    ahead > 0 && behind > 0 ? 'diverged' : ahead > 0 ? 'ahead' : behind > 0 ? 'behind' : 'same';
  return { relation, ahead, behind };
}
