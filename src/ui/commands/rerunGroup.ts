import * as vscode from 'vscode';
import type { FailureGroup } from '../../core/analysis/failure';
import { groupsNamed } from '../../core/analysis/groupFailures';
import type { SourceSummary, SweepFacade, SweepSummary } from '../../core/facade';
import { taskCount } from '../text/stateWords';
import { facts } from '../trees/itemData';
import { FAILURE_STATES } from '../trees/taskGroup';
import type { CommandHandlers, SweepArgument } from './commandTable';
import { pickSweep, say } from './pickers';
import { SWEEP_FILTERS } from './targets';

type Facade = Pick<
  SweepFacade,
  'sweeps' | 'sweep' | 'tasks' | 'sources' | 'failureGroups' | 'rerun' | 'setSlots'
>;

/** Runs the failed tasks of one cause again, with more room where that is what they lacked. */
export function rerunGroupCommands(facade: Facade): Pick<CommandHandlers, 'hsm.failure.rerunGroup'> {
  const { l10n } = vscode;
  return {
    async 'hsm.failure.rerunGroup'(target) {
      const sweep = await pickSweep(facade, target, {
        title: l10n.t('Rerun failed tasks of which sweep?'),
        filter: SWEEP_FILTERS.hasFailed,
        none: l10n.t('No sweep has failed tasks.'),
      });
      if (!sweep) return;
      const group = await pickGroup(facade, sweep, target);
      if (!group) return;
      const failed = new Set(facade.tasks(sweep.id, { states: FAILURE_STATES }).map(({ number }) => number));
      const tasks = group.tasks.filter((task) => failed.has(task));
      if (tasks.length === 0) {
        sayGone();
        return;
      }
      const change = await pickChange(facade, sweep, group);
      if (!change) return;
      await change.apply();
      await facade.rerun(sweep.id, { kind: 'tasks', tasks });
    },
  };
}

/** The cause that the argument names, the only one, or the user's choice. */
async function pickGroup(
  facade: Facade,
  sweep: SweepSummary,
  target: SweepArgument | undefined,
): Promise<FailureGroup | undefined> {
  const groups = await facade.failureGroups(sweep.id);
  const signature = target && 'cause' in target ? target.cause : undefined;
  if (signature !== undefined) {
    const named = groupsNamed(groups, signature);
    if (named.length === 0) sayGone();
    // What was one cause when it was shown may be several by now.
    return named[0] && { ...named[0], tasks: named.flatMap(({ tasks }) => tasks) };
  }
  if (groups.length <= 1) return groups[0];
  const items = groups.map((group) => ({
    label: group.title,
    description: taskCount(vscode.l10n, group.tasks.length),
    group,
  }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Rerun which failures?') }))?.group;
}

function sayGone(): void {
  say(vscode.l10n.t('No task of this cause is failed any more.'));
}

interface Change extends vscode.QuickPickItem {
  readonly apply: () => Promise<void>;
}

/** What to change for the rerun; asked only where the cause says that a change helps and a source can make one. */
async function pickChange(
  facade: Facade,
  sweep: SweepSummary,
  { places = {}, explanation }: FailureGroup,
): Promise<Change | undefined> {
  const { l10n } = vscode;
  const asBefore: Change = { label: l10n.t('Rerun As Before'), apply: () => Promise.resolve() };
  const used = facade.sources().filter(({ name }) => sweep.sources.includes(name));
  const there = used.filter(({ name, host }) => name in places || (host !== undefined && host in places));
  // The name of a machine need not be that of its source.
  const sources = there.length > 0 ? there : used;
  const changes = [
    ...(explanation?.remedy === 'memory' ? sources.flatMap((source) => fewer(facade, sweep, source)) : []),
    ...(explanation?.remedy === 'host' && used.length > sources.length
      ? sources.map((source) => elsewhere(facade, sweep, source))
      : []),
  ];
  if (changes.length === 0) return asBefore;
  const title = facts(l10n.t('Rerun with what?'), explanation?.explanation);
  return vscode.window.showQuickPick([...changes, asBefore], { title });
}

/** Fewer tasks at one time leave more memory to each. */
function fewer(facade: Facade, sweep: SweepSummary, { name, slots }: SourceSummary): Change[] {
  if (slots === undefined || slots < 2) return [];
  const less = Math.max(1, Math.floor(slots / 2));
  const { l10n } = vscode;
  return [
    {
      label: l10n.t('Rerun with {0} at One Time on {1}', less, name),
      description: l10n.t('instead of {0}', slots),
      apply: () => facade.setSlots(sweep.id, name, less),
    },
  ];
}

function elsewhere(facade: Facade, sweep: SweepSummary, { name }: SourceSummary): Change {
  const { l10n } = vscode;
  return {
    label: l10n.t('Rerun on Other Sources'),
    description: l10n.t('{0} gets no more tasks of this sweep', name),
    apply: () => facade.setSlots(sweep.id, name, 0),
  };
}
