import * as vscode from 'vscode';
import { quoteWord } from '../../core/base/shellWord';
import type { SweepFacade, TaskDetails } from '../../core/facade';
import { readText, showHsmDocument } from '../documents/hsmDocuments';
import { findLineNow } from '../../core/analysis/movedLine';
import { showLiveLog } from '../logs/liveLogs';
import type { FailureMarks } from '../state/failureMarks';
import { isFailure } from '../trees/taskGroup';
import type { CommandHandlers, SweepArgument } from './commandTable';
import { openPlace, openTaskFile } from './openPlace';
import { say } from './pickers';
import { revealFolder } from './revealFolder';
import type { TaskRef } from './targets';
import type { TaskTargets } from './taskTargets';

type TaskFileCommands = Pick<
  CommandHandlers,
  | 'hsm.task.openStdout'
  | 'hsm.task.openStderr'
  | 'hsm.task.openParams'
  | 'hsm.task.openSummary'
  | 'hsm.task.openFolder'
  | 'hsm.task.goToError'
  | 'hsm.task.copyCommand'
>;

/** Commands that show what a task was given and what it left. */
export function taskFileCommands(
  facade: SweepFacade,
  marks: FailureMarks,
  targets: TaskTargets,
): TaskFileCommands {
  const withTask =
    (act: (details: TaskDetails) => Promise<void>) =>
    async (target?: SweepArgument): Promise<void> => {
      const ref = await targets.one(target);
      if (ref) await act(await facade.task(ref.sweepId, ref.task));
    };
  return {
    'hsm.task.openStdout': withTask((details) => openLog(facade, details, 'stdout')),
    'hsm.task.openStderr': withTask((details) => openLog(facade, details, 'stderr')),
    'hsm.task.openParams': withTask((details) => openOutput(details, `${details.dir}/params.yaml`)),
    'hsm.task.openFolder': withTask((details) => revealFolder(details.dir)),
    'hsm.task.copyCommand': withTask(copyCommand),
    async 'hsm.task.openSummary'(target) {
      const ref = await targets.one(target);
      if (ref) await openSummary(facade, marks, ref);
    },
    'hsm.task.goToError': withTask((details) => goToError(facade, marks, details)),
  };
}

/** Of a task elsewhere the log is shown as it is there, until all of it is here; otherwise the file here is opened. */
async function openLog(
  facade: Pick<SweepFacade, 'sources'>,
  details: TaskDetails,
  log: 'stdout' | 'stderr',
): Promise<void> {
  const { sweepId, number: task, source, areLogsHere } = details;
  const type = facade.sources().find(({ name }) => name === source)?.type;
  const isAway = source !== undefined && type !== 'local';
  if (isAway && areLogsHere !== true) await showLiveLog({ sweepId, task, log });
  else if (await openTaskFile(details[log])) return;
  else if (isAway) await showLiveLog({ sweepId, task, log });
  else sayNotThere(task, `${log}.log`);
}

async function openOutput(details: TaskDetails, file: string): Promise<void> {
  if (await openTaskFile(file)) return;
  sayNotThere(details.number, file.split(/[\\/]/).at(-1) ?? file);
}

function sayNotThere(task: number, file: string): void {
  say(vscode.l10n.t('Task {0} has no {1} yet: it has not started.', task, file));
}

/** Opens the error summary, or the output of a task that has not failed. */
export async function openSummary(
  facade: Pick<SweepFacade, 'task' | 'sources'>,
  marks: FailureMarks,
  { sweepId, task }: TaskRef,
): Promise<void> {
  const details = await facade.task(sweepId, task);
  if (!isFailure(details.state)) {
    await openLog(facade, details, 'stdout');
    return;
  }
  await showHsmDocument({ kind: 'task', sweepId, task });
  marks.markTaskSeen(sweepId, details);
}

async function goToError(facade: SweepFacade, marks: FailureMarks, details: TaskDetails): Promise<void> {
  const { sweepId, number: task } = details;
  const culprit = isFailure(details.state) ? (await facade.failure(sweepId, task)).culprit : undefined;
  if (culprit?.localFile === undefined) {
    // Nothing of it is in the workspace, so the summary says all there is.
    await openSummary(facade, marks, { sweepId, task });
    return;
  }
  const { localFile: file } = culprit;
  const { line } = await findLineNow({ facade, readText }, { sweepId, task }, file, culprit.line);
  await openPlace({ file, line });
  marks.markTaskSeen(sweepId, details);
}

async function copyCommand({ number, argv }: TaskDetails): Promise<void> {
  await vscode.env.clipboard.writeText(argv.map(quoteWord).join(' '));
  say(vscode.l10n.t('Copied the command of task {0}', number));
}
