import { finalCount } from '../../core/engine/taskState';
import type { SweepSummary } from '../../core/facade';
import { formatDuration } from '../text/duration';
import type { L10n } from '../text/l10n';
import { sweepName } from '../text/sweepName';
import { taskCount } from '../text/stateWords';
import { facts } from '../trees/itemData';

/** How much the user wants to be told, as in `hsm.notifications.level`. */
export type NotificationLevel = 'all' | 'important' | 'off';

export interface EndMessage {
  readonly kind: 'information' | 'warning';
  readonly text: string;
  readonly actions: readonly { readonly title: string; readonly command: string }[];
}

/** The one message about a finished sweep; undefined when the user does not want it. */
export function endMessage(
  l10n: L10n,
  sweep: SweepSummary,
  level: NotificationLevel,
): EndMessage | undefined {
  const { counts } = sweep;
  const hasFailures = counts.failed + counts.lost > 0;
  if (level === 'off' || (level === 'important' && !hasFailures)) return undefined;
  const showResults = { title: l10n.t('Show Results'), command: 'hsm.sweep.showResults' };
  if (!hasFailures) return { kind: 'information', text: endText(l10n, sweep), actions: [showResults] };
  return {
    kind: 'warning',
    text: endText(l10n, sweep),
    actions: [
      { title: l10n.t('Show Errors'), command: 'hsm.sweep.showErrors' },
      { title: l10n.t('Rerun Failed'), command: 'hsm.sweep.rerunFailed' },
      { title: l10n.t('Rerun Group…'), command: 'hsm.failure.rerunGroupWith' },
    ],
  };
}

function endText(l10n: L10n, sweep: SweepSummary): string {
  const { counts, total, endedAtMs, createdAtMs } = sweep;
  const name = sweepName(sweep);
  if (counts.succeeded === total && endedAtMs !== undefined) {
    const took = formatDuration(l10n, endedAtMs - createdAtMs);
    return l10n.t('Sweep {0}: all {1} succeeded in {2}.', name, taskCount(l10n, total), took);
  }
  const outcome = facts(
    l10n.t('{0} succeeded', counts.succeeded),
    counts.failed > 0 && l10n.t('{0} failed', counts.failed),
    counts.lost > 0 && l10n.t('{0} lost', counts.lost),
    counts.cancelled > 0 && l10n.t('{0} cancelled', counts.cancelled),
    finalCount(counts) < total && l10n.t('{0} not run', total - finalCount(counts)),
  );
  return l10n.t('Sweep {0} is over: {1}, of {2}.', name, outcome, taskCount(l10n, total));
}
