import * as vscode from 'vscode';
import type { SweepFacade } from '../../core/facade';
import type { CommandHandlers } from '../commands/commandTable';
import { pickSweep, say } from '../commands/pickers';
import { SWEEP_FILTERS } from '../commands/targets';
import type { TaskTargets } from '../commands/taskTargets';
import { showHsmDocument } from '../documents/hsmDocuments';
import type { ResultsPanels } from './resultsPanels';

type ResultsCommands = Pick<
  CommandHandlers,
  'hsm.sweep.showResults' | 'hsm.sweep.showResultsText' | 'hsm.task.compare'
>;

/** Commands that show what tasks measured: as a page, as plain text, side by side. */
export function resultsCommands(
  facade: SweepFacade,
  targets: TaskTargets,
  panels: Pick<ResultsPanels, 'open'>,
): ResultsCommands {
  const { l10n } = vscode;
  const any = {
    title: l10n.t('Which sweep?'),
    filter: SWEEP_FILTERS.any,
    none: l10n.t('There is no sweep yet.'),
  };
  return {
    async 'hsm.sweep.showResults'(target) {
      const sweep = await pickSweep(facade, target, any);
      if (sweep) panels.open(sweep.id);
    },
    async 'hsm.sweep.showResultsText'(target) {
      const sweep = await pickSweep(facade, target, any);
      if (sweep) await showHsmDocument({ kind: 'results', sweepId: sweep.id });
    },
    async 'hsm.task.compare'(target, selection) {
      const sweeps = [...(await targets.many(target, selection))];
      const pair = sweeps.find(([, tasks]) => tasks.length > 1);
      if (pair) panels.open(...pair);
      else if (sweeps.length > 0)
        say(l10n.t('Select two or more tasks of one sweep to compare them: Ctrl or Shift with a click.'));
    },
  };
}
