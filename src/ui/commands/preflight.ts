import * as vscode from 'vscode';
import type { StartOptions, SweepFacade } from '../../core/facade';
import { cancellable } from './cancellable';
import { preflightItems } from './preflightItems';

/**
 * Looks at the other machines that a start would use, and shows what it found, if anything.
 *
 * @returns what to start with; undefined: the user did not want to
 */
export async function lookBeforeStart(
  facade: Pick<SweepFacade, 'preflight' | 'sources'>,
  file: string,
  options: StartOptions,
): Promise<StartOptions | undefined> {
  const { l10n, window, commands } = vscode;
  if (facade.sources().every(({ type }) => type === 'local')) return options;
  let chosenOptions = options;
  for (;;) {
    const found = await cancellable(l10n.t('Looking at the compute sources'), (signal) =>
      facade.preflight(file, chosenOptions, signal),
    );
    if (found.findings.length === 0) return chosenOptions;
    const chosen = await window.showQuickPick(preflightItems(l10n, found), {
      title: l10n.t('Before the start: {0} to look at', found.findings.length),
      placeHolder: l10n.t('Nothing was started yet'),
      ignoreFocusOut: true,
    });
    if (!chosen) return undefined;
    const { action } = chosen;
    if (action.kind === 'start') return { ...chosenOptions, ...(action.sync && { sync: action.sync }) };
    if (action.kind === 'narrow') chosenOptions = { ...chosenOptions, sources: action.sources };
    if (action.kind === 'mend') {
      await commands.executeCommand(action.command, ...action.args);
      if (!action.thenAgain) return undefined;
    }
  }
}
