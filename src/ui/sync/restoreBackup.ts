import * as vscode from 'vscode';
import type { Backup } from '../../core/sync/backup';
import type { Reason } from '../../core/sync/comparison';
import { questionsOf } from '../../core/sync/projectSyncError';
import { cancellable } from '../commands/cancellable';
import { say } from '../commands/pickers';
import { harmlessText } from '../text/harmlessText';
import { saveFirst } from './saveFirst';
import { fileCount, listPaths } from './syncWords';
import { agrees, type TransferParts } from './transferSteps';

/** Lets the user choose a backup and files of it, and puts them back. */
export async function restoreBackup(parts: TransferParts, source: string): Promise<void> {
  const { l10n } = vscode;
  const backups = await cancellable(l10n.t('Listing the backups of {0}', source), (signal) =>
    parts.sync.backups(source, signal),
  );
  if (backups.length === 0) {
    say(l10n.t('There is no backup of {0} yet: no sync has replaced anything.', source));
    return;
  }
  const backup = await pickBackup(source, backups);
  const files = backup && (await pickFiles(backup));
  if (!backup || !files || files.length === 0) return;
  if (backup.side === 'local' && (await saveFirst(parts.projectDir, files)) === 'cancelled') return;
  const restored = await restoreWithWord(parts, source, backup, files, []);
  if (!restored) return;
  const names = listPaths(l10n, restored);
  say(
    backup.side === 'local'
      ? l10n.t('Put back here: {0}. What it replaced is a backup itself.', names)
      : l10n.t('Put back on {0}: {1}. What it replaced is a backup itself.', source, names),
  );
}

/** Tasks that run from the checkout would meet the older files: that is asked. */
async function restoreWithWord(
  parts: TransferParts,
  source: string,
  backup: Backup,
  files: readonly string[],
  agreed: readonly Reason[],
): Promise<readonly string[] | undefined> {
  const { l10n } = vscode;
  try {
    return await cancellable(l10n.t('Restoring {0}', fileCount(l10n, files.length)), (signal) =>
      parts.sync.restore(source, backup, { files, agreed, signal }),
    );
  } catch (error) {
    const reasons = questionsOf(error);
    if (!reasons) throw error;
    const question = {
      title: l10n.t('Restore on {0}?', source),
      detail: [...reasons.map(({ text }) => harmlessText(text)), listPaths(l10n, files)].join('\n\n'),
      yes: l10n.t('Restore'),
    };
    if (!(await agrees(question))) return undefined;
    return restoreWithWord(parts, source, backup, files, [...agreed, ...reasons]);
  }
}

async function pickBackup(source: string, backups: readonly Backup[]): Promise<Backup | undefined> {
  const { l10n } = vscode;
  const items = backups.map((backup) => ({
    label: new Date(backup.createdAtMs).toLocaleString(),
    description:
      backup.side === 'local'
        ? l10n.t('of the workspace, {0}', fileCount(l10n, backup.files.length))
        : l10n.t('of the checkout on {0}, {1}', source, fileCount(l10n, backup.files.length)),
    detail: plainLabel(listPaths(l10n, backup.files)),
    backup,
  }));
  const options = {
    title: l10n.t('Restore which backup?'),
    placeHolder: l10n.t('What a sync replaced or deleted, newest first'),
    matchOnDescription: true,
    matchOnDetail: true,
  };
  return (await vscode.window.showQuickPick(items, options))?.backup;
}

async function pickFiles({ files }: Backup): Promise<readonly string[] | undefined> {
  if (files.length === 1) return files;
  const items = files.map((path) => ({ label: plainLabel(harmlessText(path)), path, picked: true }));
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: vscode.l10n.t('Restore which files?'),
  });
  return chosen?.map(({ path }) => path);
}

/** Icons of other people's text would be drawn, too. */
function plainLabel(text: string): string {
  return text.replaceAll('$(', '$ (');
}
