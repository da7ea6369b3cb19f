import * as vscode from 'vscode';
import type { SweepFacade } from '../../core/facade';
import type { CommandHandlers } from './commandTable';
import { debugConfiguration } from './debugConfiguration';
import { say } from './pickers';
import type { TaskTargets } from './taskTargets';

const DEBUGGER = 'ms-python.debugpy';

/** Starts the editor's Python debugger with what one task runs. */
export function debugCommands(
  facade: Pick<SweepFacade, 'taskLaunch' | 'projectDir'>,
  targets: TaskTargets,
): Pick<CommandHandlers, 'hsm.task.debug'> {
  const { l10n } = vscode;
  return {
    async 'hsm.task.debug'(target) {
      const ref = await targets.one(target);
      if (!ref) return;
      const launch = await facade.taskLaunch(ref.sweepId, ref.task);
      const configuration = debugConfiguration(launch, l10n.t('Task {0} of {1}', ref.task, ref.sweepId));
      if (!configuration) {
        say(l10n.t('Only Python tasks can be debugged here. This one runs {0}.', launch.argv[0] ?? ''));
        return;
      }
      if (!vscode.extensions.getExtension(DEBUGGER)) {
        await offerDebugger();
        return;
      }
      const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(facade.projectDir));
      await vscode.debug.startDebugging(folder, { ...configuration });
    },
  };
}

/** Shown in the list of extensions, so that it is the user who installs it. */
async function offerDebugger(): Promise<void> {
  const { l10n, window, commands } = vscode;
  const show = l10n.t('Show Extension');
  const text = l10n.t(
    'Debugging a task needs the extension Python Debugger ({0}), which is not installed.',
    DEBUGGER,
  );
  if ((await window.showWarningMessage(text, show)) === show) {
    await commands.executeCommand('workbench.extensions.search', `@id:${DEBUGGER}`);
  }
}
