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
  for (;;) {
    const findings = await cancellable(l10n.t('Looking at the compute sources'), (signal) =>
      facade.preflight(file, options, signal),
    );
    if (findings.length === 0) return options;
    const chosen = await window.showQuickPick(preflightItems(l10n, findings), {
      title: l10n.t('Before the start: {0} to look at', findings.length),
      placeHolder: l10n.t('Nothing was started yet'),
      ignoreFocusOut: true,
    });
    if (!chosen) return undefined;
    const { action } = chosen;
    if (action.kind === 'start') return { ...options, ...(action.sync && { sync: action.sync }) };
    if (action.kind === 'mend') {
      await commands.executeCommand(action.command, ...action.args);
      if (!action.thenAgain) return undefined;
    }
  }
}
