import type { FileComparison } from '../../core/sync/comparison';
import type { SyncSummary } from '../../core/sync/syncFacade';
import type { L10n } from '../text/l10n';
import { fileWord } from './syncItems';

/** The badge of a file that is out of sync. */
export interface SyncMark {
  /** At most two characters, as VS Code wants. */
  readonly badge: string;
  readonly tooltip: string;
  readonly isConflict: boolean;
}

type Verdict = FileComparison['verdict'];

const BADGES: Readonly<Record<Verdict, string>> = {
  push: '↑',
  pull: '↓',
  conflict: '⇅',
  deletedHere: '↑',
  deletedThere: '↓',
};

/** What the last comparisons say of files, by path; a file that several checkouts have differently has one badge. */
export function syncMarks(l10n: L10n, remotes: readonly SyncSummary[]): ReadonlyMap<string, SyncMark> {
  const found = new Map<string, { source: string; verdict: Verdict }[]>();
  for (const { source, comparison } of remotes) {
    for (const { path, verdict } of comparison?.files ?? []) {
      const list = found.get(path) ?? [];
      list.push({ source, verdict });
      found.set(path, list);
    }
  }
  return new Map([...found].map(([path, list]) => [path, markOf(l10n, list)]));
}

function markOf(l10n: L10n, list: readonly { source: string; verdict: Verdict }[]): SyncMark {
  const badges = new Set(list.map(({ verdict }) => BADGES[verdict]));
  const [only = ''] = badges;
  return {
    badge: badges.size === 1 ? only : BADGES.conflict,
    tooltip: list
      .map(({ source, verdict }) => l10n.t('{0}: {1}', source, fileWord(l10n, { verdict })))
      .join(', '),
    isConflict: list.some(({ verdict }) => verdict === 'conflict'),
  };
}
