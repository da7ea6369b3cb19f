import * as vscode from 'vscode';
import type { SweepFacade, SweepSummary } from '../../core/facade';
import { sweepName } from '../text/sweepName';
import { taskCount } from '../text/stateWords';
import { cancelDetail } from './cancelDetail';
import type { CommandHandlers } from './commandTable';
import { confirm, pickSweep, say } from './pickers';
import { SWEEP_FILTERS } from './targets';

type SweepVerbs = Pick<
  CommandHandlers,
  | 'hsm.sweep.pause'
  | 'hsm.sweep.resume'
  | 'hsm.sweep.stop'
  | 'hsm.sweep.cancel'
  | 'hsm.sweep.rerunFailed'
  | 'hsm.sweep.rerunUnsuccessful'
  | 'hsm.sweep.extend'
>;

/** Commands that change what a sweep does from now on. */
export function sweepVerbs(facade: SweepFacade): SweepVerbs {
  const { l10n } = vscode;
  const verb =
    (
      title: string,
      filter: keyof typeof SWEEP_FILTERS,
      none: string,
      act: (sweep: SweepSummary) => Promise<void>,
    ) =>
    async (...[target]: Parameters<SweepVerbs['hsm.sweep.pause']>): Promise<void> => {
      const sweep = await pickSweep(facade, target, { title, filter: SWEEP_FILTERS[filter], none });
      if (sweep) await act(sweep);
    };
  return {
    'hsm.sweep.pause': verb(
      l10n.t('Pause which sweep?'),
      'canPause',
      l10n.t('No sweep is running.'),
      ({ id }) => facade.pause(id),
    ),
    'hsm.sweep.resume': verb(
      l10n.t('Resume which sweep?'),
      'canResume',
      l10n.t('No sweep is paused.'),
      ({ id }) => facade.resume(id),
    ),
    'hsm.sweep.stop': verb(l10n.t('Stop which sweep?'), 'canStop', l10n.t('No sweep is running.'), (sweep) =>
      stop(facade, sweep),
    ),
    'hsm.sweep.cancel': verb(
      l10n.t('Cancel which sweep?'),
      'canCancel',
      l10n.t('No sweep is running.'),
      (sweep) => cancel(facade, sweep),
    ),
    'hsm.sweep.rerunFailed': verb(
      l10n.t('Rerun the failed tasks of which sweep?'),
      'hasFailed',
      l10n.t('No sweep has failed tasks.'),
      ({ id }) => facade.rerun(id, { kind: 'failed' }),
    ),
    'hsm.sweep.rerunUnsuccessful': verb(
      l10n.t('Rerun everything that did not succeed of which sweep?'),
      'hasUnsuccessful',
      l10n.t('No sweep has tasks that failed, are lost or were cancelled.'),
      ({ id }) => facade.rerun(id, { kind: 'unsuccessful' }),
    ),
    'hsm.sweep.extend': verb(
      l10n.t('Extend which sweep by what its file gained?'),
      'any',
      l10n.t('There is no sweep yet.'),
      (sweep) => extend(facade, sweep),
    ),
  };
}

async function stop(facade: SweepFacade, sweep: SweepSummary): Promise<void> {
  const { id, counts } = sweep;
  const { l10n } = vscode;
  const unstarted = counts.waiting + counts.queued;
  const isSure = await confirm(
    l10n.t('Stop sweep {0}?', sweepName(sweep)),
    l10n.t('Stop lets {0} running tasks finish and does not start {1} others.', counts.running, unstarted),
    l10n.t('Stop Sweep'),
  );
  if (isSure) await facade.stop(id);
}

async function cancel(facade: SweepFacade, sweep: SweepSummary): Promise<void> {
  const { id, counts } = sweep;
  const { l10n } = vscode;
  const isSure = await confirm(
    l10n.t('Cancel sweep {0}?', sweepName(sweep)),
    cancelDetail(l10n, counts),
    l10n.t('Cancel Sweep'),
  );
  if (isSure) await facade.cancel(id);
}

async function extend(facade: SweepFacade, sweep: SweepSummary): Promise<void> {
  const { id, file } = sweep;
  const { l10n } = vscode;
  const added = await facade.extend(id);
  if (added === 0) say(l10n.t('{0} has no combinations that this sweep does not have already.', file));
  else say(l10n.t('Sweep {0} gained {1}.', sweepName(sweep), taskCount(l10n, added)));
}
