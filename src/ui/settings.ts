import * as vscode from 'vscode';
import type { NotificationLevel } from './status/endMessage';

/** The extension's settings. Read each time, so that a change holds at once. */
export function notificationLevel(): NotificationLevel {
  return vscode.workspace.getConfiguration('hsm').get<NotificationLevel>('notifications.level', 'all');
}

export function problemsEnabled(): boolean {
  return vscode.workspace.getConfiguration('hsm').get('problems.enabled', true);
}
