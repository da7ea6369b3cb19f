import * as vscode from 'vscode';
import { isFinal } from '../../core/engine/taskState';
import type { SweepFacade, TaskSummary } from '../../core/facade';
import { findTask } from '../state/taskLookup';
import { taskCount } from '../text/stateWords';
import type { CommandHandlers } from './commandTable';
import { confirm, say } from './pickers';
import type { TaskTargets } from './taskTargets';

/** Commands that change what becomes of chosen tasks. */
export function taskVerbs(
  facade: SweepFacade,
  targets: TaskTargets,
): Pick<CommandHandlers, 'hsm.task.rerun' | 'hsm.task.cancel'> {
  const { l10n } = vscode;
  return {
    async 'hsm.task.rerun'(target, selection) {
      for (const [sweepId, tasks] of await targets.many(target, selection)) {
        const over = tasks.filter((task) => isOver(findTask(facade, sweepId, task)));
        if (over.length === 0) say(l10n.t('Only tasks that are over can run again.'));
        else await facade.rerun(sweepId, { kind: 'tasks', tasks: over });
      }
    },
    async 'hsm.task.cancel'(target, selection) {
      for (const [sweepId, tasks] of await targets.many(target, selection)) {
        const open = tasks.filter((task) => !isOver(findTask(facade, sweepId, task)));
        if (open.length === 0) say(l10n.t('Only tasks that are not over can be cancelled.'));
        else if (await isSure(sweepId, open)) await facade.cancel(sweepId, open);
      }
    },
  };
}

function isOver(task: TaskSummary | undefined): boolean {
  return task !== undefined && isFinal(task.state);
}

/** One task can be run again in a moment, so only several are asked about. */
async function isSure(sweepId: string, tasks: readonly number[]): Promise<boolean> {
  if (tasks.length === 1) return true;
  const { l10n } = vscode;
  const count = taskCount(l10n, tasks.length);
  const detail = l10n.t(
    'Cancel kills those that run and drops those that wait. The others of the sweep go on.',
  );
  return confirm(l10n.t('Cancel {0} of sweep {1}?', count, sweepId), detail, l10n.t('Cancel Tasks'));
}
