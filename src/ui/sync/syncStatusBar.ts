import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { SyncFacade } from '../../core/sync/syncFacade';
import { syncStatus } from './syncStatus';

/** The status bar item of the checkouts, there only while one is out of sync or something is under way. */
export class SyncStatusBar implements Disposable {
  private readonly store = new DisposableStore();
  private readonly item = this.store.add(
    vscode.window.createStatusBarItem('hsm.sync.status', vscode.StatusBarAlignment.Left),
  );

  constructor(private readonly sync: SyncFacade) {
    this.item.name = vscode.l10n.t('HPC Sweep: Sync');
    this.item.command = 'hsm.sync.show';
    const update = (): void => {
      this.update();
    };
    this.store.add(sync.onDidChange(update));
    this.update();
  }

  dispose(): void {
    this.store.dispose();
  }

  private update(): void {
    const status = syncStatus(vscode.l10n, this.sync.remotes());
    if (!status) {
      this.item.hide();
      return;
    }
    this.item.text = status.text;
    this.item.tooltip = status.tooltip;
    this.item.accessibilityInformation = { label: status.accessibleLabel, role: 'button' };
    this.item.backgroundColor = status.hasConflict
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    this.item.show();
  }
}
