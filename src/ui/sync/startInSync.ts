import * as vscode from 'vscode';
import type { StartOptions, SweepFacade, SweepSummary } from '../../core/facade';
import { ProjectSyncError } from '../../core/sync/projectSyncError';
import { cancellable } from '../commands/cancellable';
import { startQuestion, type StartPush } from './startQuestion';

/**
 * Starts a sweep. When a checkout that it would run from turns out not to be in sync, or tasks run from it that a push
 * would disturb, the user decides first.
 *
 * @returns undefined when the user did not want to start
 */
export async function startInSync(
  facade: Pick<SweepFacade, 'start' | 'sync'>,
  file: string,
  options: StartOptions,
): Promise<SweepSummary | undefined> {
  const start = (wish: StartOptions): Thenable<SweepSummary> =>
    vscode.window.withProgress({ location: { viewId: 'hsm.sweeps' } }, () => facade.start(file, wish));
  try {
    return await start(options);
  } catch (error) {
    if (!(error instanceof ProjectSyncError)) throw error;
    const { l10n, window, commands } = vscode;
    const { title, detail, pushes } = startQuestion(l10n, error, facade.sync.remotes(), options.sources);
    const push: vscode.MessageItem = { title: l10n.t('Push and Start') };
    const skip: vscode.MessageItem = { title: l10n.t('Run What Is There') };
    const show: vscode.MessageItem = { title: l10n.t('Show Differences') };
    const items = [...(pushes.length > 0 ? [push] : []), skip, show];
    const chosen = await window.showWarningMessage(title, { modal: true, detail }, ...items);
    if (chosen === show) await commands.executeCommand('hsm.checkouts.focus');
    if (chosen === skip) return start({ ...options, sync: 'skip' });
    if (chosen !== push) return undefined;
    await pushAll(facade, pushes);
    // Looked at anew: another checkout may be out of sync, too, or a file may still be deleted here only.
    return startInSync(facade, file, options);
  }
}

async function pushAll({ sync }: Pick<SweepFacade, 'sync'>, pushes: readonly StartPush[]): Promise<void> {
  for (const { source, comparison, steps } of pushes) {
    let shown = comparison;
    for (const { choice } of steps)
      await cancellable(vscode.l10n.t('Pushing to {0}', source), async (signal) => {
        const report = await sync.push(source, choice, { confirmed: true, shown, signal });
        shown = report.comparison;
      });
  }
}
