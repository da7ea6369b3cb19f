import type { SyncSummary } from '../../core/sync/syncFacade';
import { foreignLine } from '../../core/analysis/foreignLine';
import type { L10n } from '../text/l10n';
import { groupOf, type SyncGroup } from './syncNode';

/** What the status bar says of checkouts. */
export interface SyncStatus {
  readonly text: string;
  readonly tooltip: string;
  readonly accessibleLabel: string;
  readonly hasConflict: boolean;
}

/** Said only while something differs or is under way; undefined: nothing to say. */
export function syncStatus(l10n: L10n, remotes: readonly SyncSummary[]): SyncStatus | undefined {
  const told = remotes.filter(({ phase, comparison }) => phase !== 'idle' || comparison?.inSync === false);
  if (told.length === 0) return undefined;
  const lines = told.map((remote) => l10n.t('{0}: {1}', remote.source, sentence(l10n, remote)));
  const isBusy = told.some(({ phase }) => phase !== 'idle');
  return {
    text: `${isBusy ? '$(sync~spin)' : '$(sync)'} ${told.map((remote) => short(remote)).join(', ')}`,
    tooltip: [...lines, l10n.t('Click to open the Sync view.')].join('\n'),
    accessibleLabel: l10n.t('Sync, {0}', lines.join(', ')),
    hasConflict: told.some((remote) => countOf(remote, 'conflicts') > 0),
  };
}

/** `gpubox 2↑ 1↓ 1⇅`: files to push, to pull, and in conflict. */
function short(remote: SyncSummary): string {
  const { source, comparison } = remote;
  const { ahead = 0, behind = 0 } = comparison ?? {};
  const deleted = (verdict: string): number =>
    (comparison?.files ?? []).filter((file) => file.verdict === verdict).length;
  const parts = [
    [countOf(remote, 'push') + deleted('deletedHere') + ahead, '↑'],
    [countOf(remote, 'pull') + deleted('deletedThere') + behind, '↓'],
    [countOf(remote, 'conflicts'), '⇅'],
  ] as const;
  return [source, ...parts.filter(([count]) => count > 0).map(([count, sign]) => `${count}${sign}`)].join(
    ' ',
  );
}

function countOf({ comparison }: SyncSummary, group: SyncGroup): number {
  return (comparison?.files ?? []).filter((file) => groupOf(file) === group && file.via === 'file').length;
}

function sentence(l10n: L10n, { phase, comparison }: SyncSummary): string {
  switch (phase) {
    case 'idle':
      return foreignLine(comparison?.verdict ?? '');
    case 'comparing':
      return l10n.t('comparing');
    case 'pushing':
      return l10n.t('pushing');
    case 'pulling':
      return l10n.t('pulling');
    case 'restoring':
      return l10n.t('restoring');
  }
}
