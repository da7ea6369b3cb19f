import * as vscode from 'vscode';
import { systemClock } from './adapters/clock/systemClock';
import { QueuedPrompts } from './core/compute/queuedPrompts';
import { openProject } from './openProject';
import { registerUi, registerUiWithoutProject } from './ui/activateUi';
import { editorPrompts } from './ui/prompts/editorPrompts';
import { editorSecrets } from './ui/prompts/editorSecrets';
import type { UiTestApi } from './ui/uiTestApi';
import type { Project } from './core/project/project';

/** What `activate` returns, for tests in the editor. */
export interface ExtensionApi {
  readonly ui: UiTestApi;
}

let project: Project | undefined;

/** Opens the project of the first workspace folder and shows it. Without a folder the views say what to do. */
export async function activate(context: vscode.ExtensionContext): Promise<ExtensionApi | undefined> {
  const log = vscode.window.createOutputChannel('HPC Sweep', { log: true });
  context.subscriptions.push(log);
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  if (!folder) {
    context.subscriptions.push(registerUiWithoutProject(log));
    return undefined;
  }
  // In a workspace that is not trusted old sweeps can be looked at; nothing is driven, because driving runs its code.
  const mode = vscode.workspace.isTrusted ? 'drive' : 'view';
  const user = {
    prompts: new QueuedPrompts(editorPrompts),
    secrets: editorSecrets(context.secrets),
    // A window that opens by itself must not fill the screen with questions.
    mayAskUnasked: false,
  };
  const opened = await openProject({ projectDir: folder.uri.fsPath, log, mode, user });
  project = opened;
  const ui = registerUi({ context, facade: opened, log, clock: systemClock });
  context.subscriptions.push(ui);
  context.subscriptions.push(
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      opened.driveFromNowOn();
    }),
  );
  return { ui: ui.testApi };
}

/** Lets go of the sweeps; their tasks go on. */
export async function deactivate(): Promise<void> {
  await project?.close();
  project = undefined;
}
