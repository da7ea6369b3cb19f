import * as vscode from 'vscode';
import type { StartOptions, SweepFacade, SweepSummary } from '../../core/facade';
import type { StartWish } from '../../core/sync/beforeStart';
import { ProjectSyncError } from '../../core/sync/projectSyncError';
import { cancellable } from '../commands/cancellable';
import { decidedFor, startQuestion } from './startQuestion';

/**
 * Starts a sweep. When a checkout that it would run from turns out not to be in sync, or tasks run from it that a push
 * would disturb, the user decides first, of each checkout.
 *
 * @returns undefined when the user did not want to start
 */
export async function startInSync(
  facade: Pick<SweepFacade, 'start' | 'sync'>,
  file: string,
  options: StartOptions,
): Promise<SweepSummary | undefined> {
  const { l10n, window } = vscode;
  try {
    return await window.withProgress({ location: { viewId: 'hsm.sweeps' } }, () =>
      cancellable(l10n.t('Starting the sweep'), (signal) => facade.start(file, options, signal)),
    );
  } catch (error) {
    if (!(error instanceof ProjectSyncError)) throw error;
    const remotes = facade.sync.remotes();
    const question = startQuestion(l10n, error, remotes, options.sources);
    const wish = await askForWish(question);
    if (!wish) return undefined;
    return startInSync(facade, file, decidedFor(options, remotes, question, wish));
  }
}

async function askForWish({
  title,
  detail,
  pushes,
}: ReturnType<typeof startQuestion>): Promise<StartWish | undefined> {
  const { l10n, window, commands } = vscode;
  const push: vscode.MessageItem = { title: l10n.t('Push and Start') };
  const skip: vscode.MessageItem = { title: l10n.t('Run What Is There') };
  const show: vscode.MessageItem = { title: l10n.t('Show Differences') };
  const items = [...(pushes.length > 0 ? [push] : []), skip, show];
  const chosen = await window.showWarningMessage(title, { modal: true, detail }, ...items);
  if (chosen === show) await commands.executeCommand('hsm.checkouts.focus');
  if (chosen === push) return 'push';
  return chosen === skip ? 'skip' : undefined;
}
