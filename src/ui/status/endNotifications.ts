import * as vscode from 'vscode';
import type { Disposable } from '../../core/base/lifecycle';
import { notificationLevel } from '../settings';
import type { SweepEnds } from '../state/sweepEnds';
import type { SweepNode } from '../trees/sweepNode';
import { endMessage } from './endMessage';

/** Tells the user once of each sweep that is over, and of nothing else. */
export function notifyOfEnds(ends: SweepEnds, onError: (error: unknown) => void): Disposable {
  return ends.onDidEnd((sweep) => {
    const message = endMessage(vscode.l10n, sweep, notificationLevel());
    if (!message) return;
    const { actions, text, kind } = message;
    const show = kind === 'warning' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    const node: SweepNode = { kind: 'sweep', sweepId: sweep.id };
    show(text, ...actions).then(
      (chosen) => chosen && vscode.commands.executeCommand(chosen.command, node),
      onError,
    );
  });
}
