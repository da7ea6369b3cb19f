import * as vscode from 'vscode';
import { foreignLine } from '../../core/analysis/foreignLine';
import type { Disposable } from '../../core/base/lifecycle';
import type { WaitingHosts } from '../state/waitingHosts';
import { harmlessText } from '../text/harmlessText';

/** Tells the user of a host that waits for them, with the button that asks what it wants to know. */
export function notifyOfHosts(hosts: WaitingHosts, onError: (error: unknown) => void): Disposable {
  return hosts.onDidWait(({ host, reason }) => {
    const { l10n, window, commands } = vscode;
    const connect = l10n.t('Connect');
    const text = l10n.t(
      '{0} Tasks on {1} go on; what became of them is seen once it is connected.',
      harmlessText(foreignLine(reason)),
      host,
    );
    window
      .showWarningMessage(text, connect)
      .then((chosen) => chosen && commands.executeCommand('hsm.source.connect', { host }), onError);
  });
}
