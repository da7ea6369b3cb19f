import * as vscode from 'vscode';
import type { SourceSummary, SweepFacade } from '../../core/facade';
import { HostTerminal } from '../terminals/hostTerminal';
import { addSource } from './addSource';
import { cancellable } from './cancellable';
import type { CommandHandlers, SourceArgument } from './commandTable';
import { pickSource } from './pickers';
import { connectToHost, testAndTell } from './sourceTest';
import type { TaskTargets } from './taskTargets';

type HostCommands = Pick<
  CommandHandlers,
  | 'hsm.source.add'
  | 'hsm.source.connect'
  | 'hsm.source.disconnect'
  | 'hsm.source.retry'
  | 'hsm.source.openTerminal'
  | 'hsm.task.openTerminal'
>;

/** Commands on the hosts of compute sources, and on the connections to them. */
export function hostCommands(facade: SweepFacade, targets: TaskTargets): HostCommands {
  const { l10n } = vscode;
  const withHost =
    (title: string, act: (host: string) => Promise<void>) =>
    async (target?: SourceArgument): Promise<void> => {
      const host = await pickHost(facade, target, title);
      if (host !== undefined) await act(host);
    };
  return {
    'hsm.source.add': () => addSource(facade),
    'hsm.source.connect': withHost(l10n.t('Connect to which compute source?'), async (host) => {
      await connectToHost(facade.hosts, host);
      await testSourcesOn(facade, host);
    }),
    'hsm.source.disconnect': withHost(l10n.t('Disconnect from which compute source?'), (host) =>
      facade.hosts.disconnect(host),
    ),
    async 'hsm.source.retry'(target) {
      const name = target && 'name' in target ? target.name : undefined;
      const source = await pickSource(facade, name, l10n.t('Try which compute source again?'));
      if (source) await testAndTell(facade, source);
    },
    'hsm.source.openTerminal': withHost(l10n.t('Open a terminal on which compute source?'), (host) => {
      openTerminal(facade, host, host);
      return Promise.resolve();
    }),
    async 'hsm.task.openTerminal'(target) {
      const ref = await targets.one(target);
      if (ref) await openTaskTerminal(facade, ref.sweepId, ref.task);
    },
  };
}

/** The host that is named, or that of the source that is named; else the user's choice among those that have one. */
async function pickHost(
  facade: Pick<SweepFacade, 'sources'>,
  target: SourceArgument | undefined,
  title: string,
): Promise<string | undefined> {
  if (target && 'host' in target) return target.host;
  const remote = { sources: () => facade.sources().filter(({ host }) => host !== undefined) };
  return (await pickSource(remote, target?.name, title))?.host;
}

/** What can be seen of a source is seen as soon as there is a connection. */
async function testSourcesOn(facade: SweepFacade, host: string): Promise<void> {
  const there = facade.sources().filter((source: SourceSummary) => source.host === host);
  await vscode.window.withProgress({ location: { viewId: 'hsm.sources' } }, () =>
    Promise.all(there.map(({ name }) => facade.testSource(name))),
  );
}

function openTerminal({ hosts }: Pick<SweepFacade, 'hosts'>, host: string, name: string, dir?: string): void {
  const pty = new HostTerminal({ hosts, host, l10n: vscode.l10n, ...(dir !== undefined && { dir }) });
  vscode.window.createTerminal({ name, pty, iconPath: new vscode.ThemeIcon('server') }).show();
}

async function openTaskTerminal(facade: SweepFacade, sweepId: string, task: number): Promise<void> {
  const { l10n, window } = vscode;
  const place = await cancellable(l10n.t('Looking for task {0}', task), () =>
    facade.taskPlace(sweepId, task),
  );
  if (place) {
    openTerminal(facade, place.host, l10n.t('task {0} · {1}', task, place.host), place.dir);
    return;
  }
  const { dir } = await facade.task(sweepId, task);
  window.createTerminal({ name: l10n.t('task {0}', task), cwd: dir }).show();
}
