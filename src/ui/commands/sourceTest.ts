import * as vscode from 'vscode';
import type { HostConnections } from '../../core/compute/hostConnections';
import type { SourceSummary, SweepFacade } from '../../core/facade';
import { harmlessText } from '../text/harmlessText';
import { cancellable } from './cancellable';
import { say } from './pickers';

/**
 * Connects to a host, asking the user what it asks. At once when the connection stands.
 *
 * @throws HsmError `host.refused` or `host.unreachable`
 */
export async function connectToHost(hosts: HostConnections, host: string): Promise<void> {
  const known = hosts.hosts().find((each) => each.host === host);
  if (known?.state.kind === 'connected') return;
  await cancellable(vscode.l10n.t('Connecting to {0}', host), (signal) => hosts.connect(host, signal));
}

/** Connects where that takes a connection, then tests a source and tells what came of it. */
export async function testAndTell(
  facade: Pick<SweepFacade, 'hosts' | 'testSource'>,
  { name, host }: SourceSummary,
): Promise<void> {
  const { l10n, window } = vscode;
  if (host !== undefined) await connectToHost(facade.hosts, host);
  const { health } = await window.withProgress({ location: { viewId: 'hsm.sources' } }, () =>
    facade.testSource(name),
  );
  if (!health || health.state === 'healthy') {
    say(l10n.t('{0} is ready.', name));
    return;
  }
  const text = harmlessText(l10n.t('{0}: {1}', name, health.problems.join(' ')));
  void (health.state === 'degraded' ? window.showWarningMessage(text) : window.showErrorMessage(text));
}
