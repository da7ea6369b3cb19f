import * as vscode from 'vscode';
import type { Comparison, FileComparison } from '../../core/sync/comparison';
import type { SyncFacade, SyncSummary } from '../../core/sync/syncFacade';
import { say } from '../commands/pickers';
import { facts } from '../trees/itemData';
import { fileAt, filesOf, type SyncArgument } from './syncNode';

/** The checkout that the argument names; else the only one; else the user's choice. */
export async function pickRemote(
  sync: Pick<SyncFacade, 'remotes' | 'remote'>,
  source: string | undefined,
  title: string,
): Promise<SyncSummary | undefined> {
  const { l10n, window } = vscode;
  if (source !== undefined) return sync.remote(source);
  const remotes = sync.remotes();
  if (remotes.length === 0)
    say(l10n.t('No compute source has a checkout: add `checkout:` to one in .hsm/config.yaml.'));
  if (remotes.length <= 1) return remotes[0];
  const items = remotes.map((remote) => ({
    label: remote.source,
    description: facts(`${remote.host}:${remote.checkout}`, remote.comparison?.verdict),
    remote,
  }));
  return (await window.showQuickPick(items, { title }))?.remote;
}

/** The files that lines stand for: a group's are all of it. */
export function filesOfLines(
  comparison: Comparison,
  lines: readonly SyncArgument[],
): readonly FileComparison[] {
  const files = lines.flatMap((line): readonly FileComparison[] => {
    if (!('kind' in line) || line.source !== comparison.source) return [];
    if (line.kind === 'group') return filesOf(comparison, line.group);
    const file = line.kind === 'file' ? fileAt(comparison, line.path) : undefined;
    return file ? [file] : [];
  });
  return [...new Set(files)];
}
