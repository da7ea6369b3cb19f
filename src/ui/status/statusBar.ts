import * as vscode from 'vscode';
import type { Event } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { SweepFacade } from '../../core/facade';
import type { FailureMarks } from '../state/failureMarks';
import { statusText, type StatusText } from './statusText';

/** The one status bar item, there only while something runs or a failure waits to be seen. */
export class StatusBar implements Disposable {
  private readonly store = new DisposableStore();
  private readonly item = this.store.add(
    vscode.window.createStatusBarItem('hsm.status', vscode.StatusBarAlignment.Left),
  );
  /** What it says now. */
  shown: StatusText | undefined;

  constructor(
    private readonly facade: Pick<SweepFacade, 'sweeps'>,
    private readonly marks: FailureMarks,
    onDidChange: Event<unknown>,
  ) {
    this.item.name = vscode.l10n.t('HPC Sweep');
    this.item.command = 'hsm.sweep.showActions';
    const update = (): void => {
      this.update();
    };
    this.store.add(onDidChange(update));
    this.store.add(marks.onDidChange(update));
    this.update();
  }

  private update(): void {
    this.shown = statusText(vscode.l10n, this.facade.sweeps(), this.marks.unseenCount());
    if (!this.shown) {
      this.item.hide();
      return;
    }
    const { text, tooltip, accessibleLabel, hasFailures } = this.shown;
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: accessibleLabel, role: 'button' };
    this.item.backgroundColor = hasFailures
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    this.item.show();
  }

  dispose(): void {
    this.store.dispose();
  }
}
