import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { PanelSources } from './panelSources';
import { ResultsPage } from './resultsPage';

/** Kind of our pages, as the editor keeps them over a reload. */
const VIEW_TYPE = 'hsm.results';

/** The results pages of a window: one for each sweep, opened, found again, restored after a reload. */
export class ResultsPanels implements vscode.WebviewPanelSerializer, Disposable {
  private readonly store = new DisposableStore();
  private readonly pages = new Map<string, ResultsPage>();

  constructor(private readonly sources: PanelSources) {
    this.store.add(vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this));
  }

  /** Shows the page of a sweep, in front. @param compare - tasks to select and show side by side */
  open(sweepId: string, compare: readonly number[] = []): void {
    const known = this.pages.get(sweepId);
    known?.reveal();
    const page = known ?? this.adopt(sweepId, this.createPanel());
    if (compare.length > 0) page.compare(compare);
  }

  /** Called by VS Code for a page that was open before a reload. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const sweepId =
      typeof state === 'object' && state !== null && 'sweepId' in state ? state.sweepId : undefined;
    if (typeof sweepId !== 'string' || sweepId === '' || this.pages.has(sweepId)) panel.dispose();
    else this.adopt(sweepId, panel);
    return Promise.resolve();
  }

  dispose(): void {
    for (const page of this.pages.values()) page.dispose();
    this.store.dispose();
  }

  private createPanel(): vscode.WebviewPanel {
    return vscode.window.createWebviewPanel(VIEW_TYPE, '', vscode.ViewColumn.Active, {});
  }

  private adopt(sweepId: string, panel: vscode.WebviewPanel): ResultsPage {
    const page = new ResultsPage(sweepId, panel, this.sources);
    this.pages.set(sweepId, page);
    panel.onDidDispose(() => {
      page.dispose();
      this.pages.delete(sweepId);
    });
    return page;
  }
}
