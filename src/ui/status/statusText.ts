import { finalCount, isSweepOver } from '../../core/engine/taskState';
import type { SweepSummary } from '../../core/facade';
import type { L10n } from '../text/l10n';
import { sweepName } from '../text/sweepName';
import { facts } from '../trees/itemData';

export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly accessibleLabel: string;
  readonly hasFailures: boolean;
}

/** What the status bar says; undefined while nothing runs and every failure was seen. */
export function statusText(
  l10n: L10n,
  sweeps: readonly SweepSummary[],
  unseenFailures: number,
): StatusText | undefined {
  const active = sweeps.filter((sweep) => !isSweepOver(sweep.state));
  if (active.length === 0 && unseenFailures === 0) return undefined;
  const done = active.reduce((sum, sweep) => sum + finalCount(sweep.counts), 0);
  const total = active.reduce((sum, sweep) => sum + sweep.total, 0);
  const words = facts(
    active.length > 0 && `${done}/${total}`,
    unseenFailures > 0 && l10n.t('{0} failed', unseenFailures),
  );
  return {
    text: `$(beaker) ${words}`,
    tooltip: tooltip(l10n, active, unseenFailures),
    accessibleLabel: l10n.t('HPC Sweep: {0}', words.replaceAll(' · ', ', ')),
    hasFailures: unseenFailures > 0,
  };
}

function tooltip(l10n: L10n, active: readonly SweepSummary[], unseenFailures: number): string {
  const lines = active.map((sweep) =>
    l10n.t('{0}: {1} of {2} tasks ended', sweepName(sweep), finalCount(sweep.counts), sweep.total),
  );
  if (unseenFailures > 0) lines.push(l10n.t('Failed tasks not looked at yet: {0}', unseenFailures));
  return lines.join('\n');
}
