import { finalCount, isSweepOver } from '../../core/engine/taskState';
import type { SweepSummary } from '../../core/facade';
import type { SweepHead } from '../../core/results/page/protocol';
import type { L10n } from '../text/l10n';
import { sweepStateWord } from '../text/stateWords';
import { sweepName } from '../text/sweepName';

/** What the head of a results page says of its sweep. */
export function sweepHead(l10n: L10n, sweep: SweepSummary, mayRun: boolean): SweepHead {
  const over = finalCount(sweep.counts);
  const failed = sweep.counts.failed + sweep.counts.lost;
  const parts = [
    sweepStateWord(l10n, sweep.state),
    l10n.t('{0} of {1} tasks are over', over, sweep.total),
    ...(failed > 0 ? [l10n.t('{0} failed', failed)] : []),
  ];
  return {
    id: sweep.id,
    name: sweepName(sweep),
    status: parts.join(' · '),
    isOver: isSweepOver(sweep.state),
    mayRun,
  };
}
