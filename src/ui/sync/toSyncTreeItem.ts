import * as vscode from 'vscode';
import { toTreeItem } from '../trees/toTreeItem';
import type { SyncItem } from './syncItems';

/** VS Code's object of a line of the Sync view. */
export function toSyncTreeItem(item: SyncItem, projectDir: string): vscode.TreeItem {
  const made = toTreeItem(item);
  if (item.file !== undefined) {
    made.resourceUri = vscode.Uri.joinPath(vscode.Uri.file(projectDir), item.file);
    made.iconPath = vscode.ThemeIcon.File;
  }
  if (item.isTicked !== undefined) {
    made.checkboxState = {
      state: item.isTicked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
      tooltip: item.isTicked ? vscode.l10n.t('Selected for Sync') : vscode.l10n.t('Not selected for Sync'),
      accessibilityInformation: {
        label: vscode.l10n.t('{0}, select for Sync', item.label),
        role: 'checkbox',
      },
    };
  }
  return made;
}
