import * as vscode from 'vscode';
import type { ItemData } from './itemData';

const COLLAPSIBLE = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;

export function toTreeItem(data: ItemData): vscode.TreeItem {
  const item = new vscode.TreeItem(data.label, COLLAPSIBLE[data.children]);
  item.id = data.id;
  item.description = data.description;
  item.tooltip = data.tooltip;
  item.contextValue = data.contextValue;
  item.accessibilityInformation = { label: data.accessibleLabel };
  if (data.icon) item.iconPath = toIcon(data.icon);
  if (data.command) {
    item.command = {
      command: data.command.id,
      title: data.label,
      arguments: [...data.command.args],
    };
  }
  return item;
}

function toIcon({ id, color }: NonNullable<ItemData['icon']>): vscode.ThemeIcon {
  return color ? new vscode.ThemeIcon(id, new vscode.ThemeColor(color)) : new vscode.ThemeIcon(id);
}
