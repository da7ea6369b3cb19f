import * as vscode from 'vscode';
import type { FailureGroup } from '../../core/analysis/failure';
import { offeredChanges } from '../../core/analysis/offeredChanges';
import type { ResourceChange } from '../../core/engine/resourceChange';
import { longestTimeLimit } from '../../core/engine/timeLimit';
import type { SweepFacade, SweepSummary } from '../../core/facade';
import { parseDuration } from '../../core/sweep/duration';
import { offerWords, rerunText } from '../text/resourceWords';
import { taskCount } from '../text/stateWords';
import { facts } from '../trees/itemData';
import { FAILURE_STATES } from '../trees/taskGroup';
import { cancellable } from './cancellable';
import type { CommandHandlers, SweepArgument } from './commandTable';
import { pickSweep, say } from './pickers';
import { SWEEP_FILTERS, taskRefOf } from './targets';

type Facade = Pick<SweepFacade, 'sweeps' | 'sweep' | 'tasks' | 'sources' | 'failureGroups' | 'rerun'>;

/** Runs the failed tasks of one cause again: as they were, or with what they lacked. */
export function rerunGroupCommands(
  facade: Facade,
): Pick<CommandHandlers, 'hsm.failure.rerunGroup' | 'hsm.failure.rerunGroupWith' | 'hsm.task.rerunWith'> {
  return {
    async 'hsm.failure.rerunGroup'(target) {
      const failed = await pickFailed(facade, target);
      if (failed) await facade.rerun(failed.sweep.id, { kind: 'tasks', tasks: failed.tasks });
    },
    async 'hsm.failure.rerunGroupWith'(target) {
      const failed = await pickFailed(facade, target);
      if (failed) await rerunAsChosen(facade, failed);
    },
    async 'hsm.task.rerunWith'(target) {
      const failed = await findFailed(facade, target);
      if (failed) await rerunAsChosen(facade, failed);
    },
  };
}

async function rerunAsChosen(facade: Facade, failed: FailedGroup): Promise<void> {
  const change = await pickChange(facade, failed);
  if (change) await rerunWith(facade, failed, change);
}

/** A group of failures of which some are failed still. */
interface FailedGroup {
  readonly sweep: SweepSummary;
  readonly group: FailureGroup;
  readonly tasks: readonly number[];
  /** Seconds; the longest that one of them had. Absent: one had no limit. */
  readonly timeLimitSec?: number;
}

async function pickFailed(
  facade: Facade,
  target: SweepArgument | undefined,
): Promise<FailedGroup | undefined> {
  const { l10n } = vscode;
  const sweep = await pickSweep(facade, target, {
    title: l10n.t('Rerun failed tasks of which sweep?'),
    filter: SWEEP_FILTERS.hasFailed,
    none: l10n.t('No sweep has failed tasks.'),
  });
  const group = sweep && (await pickGroup(facade, sweep, target));
  if (!group) return undefined;
  const failed = failedOf(facade, sweep, group, group.tasks);
  if (!failed) say(l10n.t('No task of this cause is failed any more.'));
  return failed;
}

/** One task, with the cause that it failed of. */
async function findFailed(
  facade: Facade,
  target: SweepArgument | undefined,
): Promise<FailedGroup | undefined> {
  const ref = taskRefOf(target);
  const sweep = ref && facade.sweep(ref.sweepId);
  if (!sweep) return undefined;
  const groups = await facade.failureGroups(sweep.id);
  const group = groups.find(({ tasks }) => tasks.includes(ref.task));
  const failed = group && failedOf(facade, sweep, group, [ref.task]);
  if (!failed) say(vscode.l10n.t('Task {0} is not failed.', ref.task));
  return failed;
}

/** Undefined when none of these tasks is failed any more. */
function failedOf(
  facade: Facade,
  sweep: SweepSummary,
  group: FailureGroup,
  tasks: readonly number[],
): FailedGroup | undefined {
  const members = new Set(tasks);
  const failed = facade
    .tasks(sweep.id, { states: FAILURE_STATES })
    .filter(({ number }) => members.has(number));
  if (failed.length === 0) return undefined;
  const timeLimitSec = longestTimeLimit(failed, sweep);
  return {
    sweep,
    group,
    tasks: failed.map(({ number }) => number),
    ...(timeLimitSec === undefined ? {} : { timeLimitSec }),
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
  if (signature !== undefined) return groups.find((group) => group.signature === signature);
  if (groups.length <= 1) return groups[0];
  const items = groups.map((group) => ({
    label: group.title,
    description: taskCount(vscode.l10n, group.tasks.length),
    group,
  }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Rerun which failures?') }))?.group;
}

interface ChangeItem extends vscode.QuickPickItem {
  /** Undefined: the user thought better of it. */
  readonly choose: () => Promise<ResourceChange | undefined>;
}

/** What to change for the rerun; first what its cause asks for. */
async function pickChange(
  facade: Facade,
  { sweep, group, tasks, timeLimitSec }: FailedGroup,
): Promise<ResourceChange | undefined> {
  const { l10n } = vscode;
  const offers = offeredChanges({
    ...{ group, sweep, sources: facade.sources() },
    ...(timeLimitSec === undefined ? {} : { timeLimitSec }),
  });
  const items: ChangeItem[] = [
    ...offers.map((offer) => ({
      ...offerWords(l10n, offer),
      choose: () => Promise.resolve(offer.change),
    })),
    { label: l10n.t('Rerun with Another Time Limit…'), choose: askTimeLimit },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: l10n.t('Rerun {0} with what?', taskCount(l10n, tasks.length)),
    placeHolder: facts(group.title, group.explanation?.explanation),
    matchOnDescription: true,
  });
  return chosen?.choose();
}

async function askTimeLimit(): Promise<ResourceChange | undefined> {
  const { l10n } = vscode;
  const text = await vscode.window.showInputBox({
    title: l10n.t('Rerun with which time limit?'),
    prompt: l10n.t('For each task, e.g. 90m, 2h, 1-12:00:00 or unlimited.'),
    validateInput: (value) => {
      const duration = parseDuration(value);
      return duration.kind === 'unreadable' ? `${duration.reason} ${duration.hint}` : undefined;
    },
  });
  const duration = text === undefined ? undefined : parseDuration(text);
  if (duration === undefined || duration.kind === 'unreadable') return undefined;
  return { timeLimitSec: duration.kind === 'unlimited' ? null : duration.seconds };
}

/** A source that joins the sweep is looked at first, which may take a while. */
async function rerunWith(
  facade: Facade,
  { sweep, tasks }: FailedGroup,
  change: ResourceChange,
): Promise<void> {
  const words = rerunText(vscode.l10n, tasks.length, change);
  await cancellable(words, (signal) => facade.rerun(sweep.id, { kind: 'tasks', tasks }, change, {}, signal));
  say(words);
}
