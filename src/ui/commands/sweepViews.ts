import * as vscode from 'vscode';
import type { SweepFacade, SweepSummary } from '../../core/facade';
import { showHsmDocument } from '../documents/hsmDocuments';
import type { FailureMarks } from '../state/failureMarks';
import type { CommandHandlers, SweepArgument } from './commandTable';
import { pickSweep, say } from './pickers';
import { revealFolder } from './revealFolder';
import { showSweepActions } from './sweepActions';
import { SWEEP_FILTERS } from './targets';

type SweepViews = Pick<
  CommandHandlers,
  | 'hsm.sweep.openFolder'
  | 'hsm.sweep.showErrors'
  | 'hsm.sweep.copyId'
  | 'hsm.sweep.dismissFailures'
  | 'hsm.sweep.showActions'
>;

/** Commands that look at a sweep and change nothing in it. */
export function sweepViews(facade: SweepFacade, marks: FailureMarks): SweepViews {
  const { l10n } = vscode;
  const any = (target: SweepArgument | undefined): Promise<SweepSummary | undefined> =>
    pickSweep(facade, target, {
      title: l10n.t('Which sweep?'),
      filter: SWEEP_FILTERS.any,
      none: l10n.t('There is no sweep yet.'),
    });
  const failed = (target: SweepArgument | undefined): Promise<SweepSummary | undefined> =>
    pickSweep(facade, target, {
      title: l10n.t('Which sweep?'),
      filter: SWEEP_FILTERS.hasFailed,
      none: l10n.t('No sweep has failed tasks.'),
    });
  return {
    async 'hsm.sweep.openFolder'(target) {
      const sweep = await any(target);
      if (sweep) await revealFolder(sweep.dir);
    },
    async 'hsm.sweep.showErrors'(target) {
      const sweep = await failed(target);
      if (!sweep) return;
      await showHsmDocument({ kind: 'errors', sweepId: sweep.id });
      marks.markSweepSeen(sweep.id);
    },
    async 'hsm.sweep.copyId'(target) {
      const sweep = await any(target);
      if (!sweep) return;
      await vscode.env.clipboard.writeText(sweep.id);
      say(l10n.t('Copied {0}', sweep.id));
    },
    async 'hsm.sweep.dismissFailures'(target) {
      const sweep = await failed(target);
      if (sweep) marks.dismiss(sweep.id);
    },
    'hsm.sweep.showActions': () => showSweepActions(facade, marks),
  };
}
