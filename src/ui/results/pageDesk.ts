import * as vscode from 'vscode';
import { HsmError } from '../../core/base/errors';
import type { SweepFacade, TaskDetails } from '../../core/facade';
import type { TaskView } from '../../core/results/page/protocol';
import { toUri } from '../documents/hsmDocuments';
import type { CommandId } from '../commands/commandTable';
import type { PageDesk } from './answerPage';

/** Looking at a task, and running it again, are what the commands do: with their checks, on any source. */
const COMMANDS: Readonly<Record<TaskView | 'rerun', CommandId>> = {
  summary: 'hsm.task.openSummary',
  stdout: 'hsm.task.openStdout',
  stderr: 'hsm.task.openStderr',
  folder: 'hsm.task.openFolder',
  rerun: 'hsm.task.rerun',
};

/** Does in the editor what results pages ask for. */
export function makePageDesk(facade: Pick<SweepFacade, 'task'>): PageDesk {
  return {
    async openTask(sweepId, task, view) {
      await vscode.commands.executeCommand(COMMANDS[view], toUri({ kind: 'task', sweepId, task }));
    },
    async rerun(sweepId, tasks) {
      const uris = tasks.map((task) => toUri({ kind: 'task', sweepId, task }));
      await vscode.commands.executeCommand(COMMANDS.rerun, uris[0], uris);
    },
    async diff(sweepId, [first, second], of) {
      const [left, right] = await Promise.all([facade.task(sweepId, first), facade.task(sweepId, second)]);
      if (of === 'files') await diffFiles(left, right);
      else await showDiff(left, right, `${of}.log`);
    },
    save,
  };
}

/** One of the files that both tasks have, or all of them. */
async function diffFiles(left: TaskDetails, right: TaskDetails): Promise<void> {
  const [mine, theirs] = await Promise.all([filesIn(left.dir), filesIn(right.dir)]);
  const common = mine.filter((name) => theirs.includes(name)).sort();
  if (common.length === 0)
    throw new HsmError(
      'input.invalid',
      vscode.l10n.t('Tasks {0} and {1} have no file in common.', left.number, right.number),
      {},
    );
  const title = vscode.l10n.t('Which file of tasks {0} and {1}?', left.number, right.number);
  const name = await vscode.window.showQuickPick(common, { title });
  if (name !== undefined) await showDiff(left, right, name);
}

async function filesIn(dir: string): Promise<string[]> {
  const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.file(dir)).then(
    (found) => found,
    // Not started, or not home yet: no files.
    () => [],
  );
  return entries.filter(([, type]) => type === vscode.FileType.File).map(([name]) => name);
}

async function showDiff(left: TaskDetails, right: TaskDetails, name: string): Promise<void> {
  const uriOf = ({ dir }: TaskDetails): vscode.Uri => vscode.Uri.joinPath(vscode.Uri.file(dir), name);
  const title = vscode.l10n.t('{0}: task {1} and task {2}', name, left.number, right.number);
  for (const details of [left, right]) {
    const there = (await filesIn(details.dir)).includes(name);
    if (!there)
      throw new HsmError(
        'input.invalid',
        vscode.l10n.t('Task {0} has no file {1}.', details.number, name),
        {},
      );
  }
  await vscode.commands.executeCommand('vscode.diff', uriOf(left), uriOf(right), title);
}

async function save(name: string, bytes: Uint8Array, opens: boolean): Promise<boolean> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    title: vscode.l10n.t('Save {0}', name),
  });
  if (!target) return false;
  await vscode.workspace.fs.writeFile(target, bytes);
  if (opens) await vscode.commands.executeCommand('vscode.open', target, { preview: true });
  return true;
}
