import * as vscode from 'vscode';
import type { ConfiguredHost } from '../../core/compute/hostConnections';
import type { SweepFacade } from '../../core/facade';
import type { JsonValue } from '../../core/sweep/value';
import { facts } from '../trees/itemData';
import { checkSourceName, checkSlots, isHostName, suggestSourceName } from './newSource';
import { testAndTell } from './sourceTest';

const DEFAULT_ROOT = '~/.hsm';

/** From a host of `~/.ssh/config` to a compute source of the project that was tested. */
export async function addSource(facade: SweepFacade): Promise<void> {
  const host = await pickConfiguredHost(facade);
  if (host === undefined) return;
  const answers = await askDetails(facade, host);
  if (!answers) return;
  const { name, fields } = answers;
  await facade.addSource(name, fields);
  const source = facade.sources().find((each) => each.name === name);
  if (source) await testAndTell(facade, source);
}

async function pickConfiguredHost(facade: SweepFacade): Promise<string | undefined> {
  const { l10n, window } = vscode;
  const hosts = await facade.hosts.configuredHosts();
  const used = new Set(facade.sources().map((source) => source.host));
  const other = { label: l10n.t('$(edit) Another Host…'), host: undefined };
  const items = hosts.map((host) => ({
    label: host.alias,
    description: describeHost(host, used.has(host.alias)),
    host: host.alias,
  }));
  const chosen = await window.showQuickPick<{ label: string; host: string | undefined }>([...items, other], {
    title: l10n.t('Add which host?'),
    placeHolder:
      items.length > 0 ? l10n.t('Hosts of ~/.ssh/config') : l10n.t('~/.ssh/config lists no host yet'),
    matchOnDescription: true,
  });
  return chosen === other ? askHost() : chosen?.host;
}

function describeHost({ alias, hostName, user, port }: ConfiguredHost, isUsed: boolean): string {
  const where = `${user}@${hostName === alias ? '' : hostName}`;
  return facts(
    `${where.endsWith('@') ? where.slice(0, -1) : where}${port === 22 ? '' : `:${port}`}`,
    isUsed && vscode.l10n.t('used already'),
  );
}

async function askHost(): Promise<string | undefined> {
  const { l10n } = vscode;
  const host = await vscode.window.showInputBox({
    title: l10n.t('Name or address of the host'),
    prompt: l10n.t('As you would write it after `ssh`. User, port and keys are read from ~/.ssh/config.'),
    ignoreFocusOut: true,
    validateInput: (text) =>
      isHostName(text.trim()) ? undefined : l10n.t('Give one host name, without a user and without blanks.'),
  });
  return host?.trim();
}

interface Answers {
  readonly name: string;
  readonly fields: Readonly<Record<string, JsonValue>>;
}

/** Everything has an answer already: Enter takes it. */
async function askDetails(facade: SweepFacade, host: string): Promise<Answers | undefined> {
  const { l10n } = vscode;
  const taken = facade.sources().map((source) => source.name);
  const ask = (step: number, prompt: string, value: string, check?: (text: string) => string | undefined) =>
    vscode.window.showInputBox({
      title: l10n.t('Add {0} ({1}/3)', host, step),
      prompt,
      value,
      ignoreFocusOut: true,
      validateInput: (text) => check?.(text.trim()),
    });
  const name = await ask(
    1,
    l10n.t('What to call it in this project'),
    suggestSourceName(host, taken),
    (text) => checkSourceName(l10n, text, taken),
  );
  if (name === undefined) return undefined;
  const slots = await ask(
    2,
    l10n.t('Tasks at one time. Empty: one for each GPU, or for each core where there is no GPU.'),
    '',
    (text) => checkSlots(l10n, text),
  );
  if (slots === undefined) return undefined;
  const root = await ask(3, l10n.t('Folder there for code and results'), DEFAULT_ROOT);
  if (root === undefined) return undefined;
  return {
    name: name.trim(),
    fields: {
      type: 'ssh',
      host,
      ...(slots.trim() !== '' && { slots: Number(slots) }),
      ...(root.trim() !== '' && root.trim() !== DEFAULT_ROOT && { root: root.trim() }),
    },
  };
}
