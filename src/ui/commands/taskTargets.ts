import * as vscode from 'vscode';
import type { SweepNode } from '../trees/sweepNode';
import type { SweepArgument } from './commandTable';
import { pickSweep, say } from './pickers';
import type { SweepFacade } from '../../core/facade';
import { facts } from '../trees/itemData';
import { taskRefOf, tasksBySweep, type TaskRef } from './targets';

/** Finds out which tasks a command is meant for. */
export interface TaskTargets {
  /** The argument's, else that of the active document, else the one selected in the view, else the user's choice. */
  one(argument: SweepArgument | undefined): Promise<TaskRef | undefined>;
  /** The clicked one or all that are selected, by sweep. */
  many(
    clicked: SweepArgument | undefined,
    selection: readonly SweepArgument[] | undefined,
  ): Promise<ReadonlyMap<string, readonly number[]>>;
}

/** A list longer than this is better searched in the view. */
const MOST_OFFERED = 1000;

export function makeTaskTargets(
  facade: Pick<SweepFacade, 'sweeps' | 'sweep' | 'tasks'>,
  view: Pick<vscode.TreeView<SweepNode>, 'selection'>,
): TaskTargets {
  const one: TaskTargets['one'] = async (argument) => {
    const active = vscode.window.activeTextEditor?.document.uri;
    const named = taskRefOf(argument) ?? taskRefOf(active) ?? taskRefOf(view.selection[0]);
    return named ?? pickTask(facade, argument);
  };
  return {
    one,
    async many(clicked, selection) {
      const named = tasksBySweep(clicked, selection ?? (clicked ? [] : view.selection));
      if (named.size > 0) return named;
      const ref = await one(clicked);
      return new Map(ref ? [[ref.sweepId, [ref.task]]] : []);
    },
  };
}

async function pickTask(
  facade: Pick<SweepFacade, 'sweeps' | 'sweep' | 'tasks'>,
  argument: SweepArgument | undefined,
): Promise<TaskRef | undefined> {
  const { l10n, window } = vscode;
  const sweep = await pickSweep(facade, argument, {
    title: l10n.t('Which sweep?'),
    filter: ({ total }) => total > 0,
    none: l10n.t('There is no sweep yet.'),
  });
  if (!sweep) return undefined;
  const items = facade.tasks(sweep.id, { limit: MOST_OFFERED }).map((task) => ({
    label: l10n.t('Task {0}', task.number),
    description: facts(task.state, task.reason),
    task: task.number,
  }));
  if (sweep.total > MOST_OFFERED) say(l10n.t('The first {0} tasks are offered.', MOST_OFFERED));
  const chosen = await window.showQuickPick(items, { title: l10n.t('Which task of {0}?', sweep.id) });
  return chosen && { sweepId: sweep.id, task: chosen.task };
}
