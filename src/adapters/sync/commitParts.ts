import type { CommitPlan } from '../../core/sync/plan';
import type { CommitChanges } from '../../core/sync/sideState';
import type { GitCli } from '../git/gitCli';
import { parseRawDiff } from './checkout/diffWords';
import { joinWords, splitWords } from './checkout/words';
import { EMPTY_TREE } from './history';

/** What a merge needs to know beside the commits, as words with NUL. Paths are those from the repository's top. */
export interface CommitParts {
  /** Paths that the commits touch, without those that are left alone. */
  readonly touched: Buffer;
  /** Those of them that are new. */
  readonly added: Buffer;
  /** Entries for `git update-index --index-info` of those that are. */
  readonly index: Buffer;
}

/** @param git - of a side that has the commits of both */
export async function readCommitParts(git: GitCli, plan: CommitPlan, prefix: string): Promise<CommitParts> {
  const diff = await git.text(['diff-tree', '-r', '-z', '--no-renames', plan.from ?? EMPTY_TREE, plan.to]);
  return commitParts(parseRawDiff(splitWords(Buffer.from(diff))), plan.leave, prefix);
}

function commitParts(changes: CommitChanges, leave: readonly string[], prefix: string): CommitParts {
  const left = new Set(leave.map((path) => prefix + path));
  const entries = [...left].flatMap((path) => {
    const after = changes.get(path)?.after;
    if (!after) return [];
    return [
      after.kind === 'object' ? `${after.mode} ${after.oid} 0\t${path}` : `0 ${'0'.repeat(40)}\t${path}`,
    ];
  });
  const touched = [...changes].filter(([path]) => !left.has(path));
  const added = touched.filter(([, { before }]) => before.kind === 'absent');
  return {
    touched: joinWords(touched.map(([path]) => path)),
    added: joinWords(added.map(([path]) => path)),
    index: joinWords(entries),
  };
}
