import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import { HsmError } from '../../core/base/errors';
import { COMMAND_IDS, COMMANDS, type CommandHandlers } from './commandTable';

type Call = (...args: readonly unknown[]) => Promise<void>;

/**
 * Registers all commands behind one boundary for errors and trust, so that no handler has its own.
 *
 * @param report - shows a failure to the user and logs it; called once per failed call
 */
export function registerCommands(handlers: CommandHandlers, report: (error: unknown) => void): Disposable {
  const store = new DisposableStore();
  for (const id of COMMAND_IDS) {
    // VS Code calls with whatever the menu had; the manifest's `when` clauses are the type check.
    const call = handlers[id] as Call;
    const guarded = COMMANDS[id].needsTrust ? inTrustedWorkspace(call) : call;
    store.add(
      vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
        try {
          await guarded(...args);
        } catch (error) {
          report(error);
        }
      }),
    );
  }
  return store;
}

/** In a window without a folder every command says what is missing, the log apart. */
export function registerCommandsWithoutProject(
  showLog: () => void,
  report: (error: unknown) => void,
): Disposable {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new HsmError('input.invalid', vscode.l10n.t('HPC Sweep needs a folder: open your project first.'), {}),
    );
  const show = (): Promise<void> => {
    showLog();
    return Promise.resolve();
  };
  const handlers = Object.fromEntries(COMMAND_IDS.map((id) => [id, id === 'hsm.log.show' ? show : refuse]));
  // Built from the list of all commands, which the compiler cannot see.
  return registerCommands(handlers as unknown as CommandHandlers, report);
}

/** Menus do not offer these commands without trust; key bindings and other extensions may still call them. */
function inTrustedWorkspace(call: Call): Call {
  return async (...args) => {
    if (vscode.workspace.isTrusted) {
      await call(...args);
      return;
    }
    const manage = vscode.l10n.t('Manage Workspace Trust');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t('Sweeps run code of this workspace, which is not trusted. Trust it first.'),
      manage,
    );
    if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  };
}
