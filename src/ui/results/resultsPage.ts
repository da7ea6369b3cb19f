import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { SweepSummary } from '../../core/facade';
import { parsePageMessage, type HostMessage, type PageRequest } from '../../core/results/page/protocol';
import type { ResultSource } from '../../core/results/resultSource';
import type { ResultTable } from '../../core/results/resultTable';
import { describeError } from '../commands/describeError';
import { sweepName } from '../text/sweepName';
import { answerPage } from './answerPage';
import { pageHtml } from './pageHtml';
import type { PanelSources } from './panelSources';
import { sweepHead } from './sweepHead';

/** Fewer tasks are read before one sees a difference. */
const SHOWN_AT_ONCE = 1_000;

/** One results page: what it shows comes from the facade, what it asks for is done in the editor. */
export class ResultsPage implements Disposable {
  private readonly store = new DisposableStore();
  private following: Disposable | undefined;
  /** Asked for before the page could listen. */
  private comparing: readonly number[] = [];
  private isReady = false;

  constructor(
    private readonly sweepId: string,
    private readonly panel: vscode.WebviewPanel,
    private readonly sources: PanelSources,
  ) {
    const { webview } = panel;
    const media = vscode.Uri.joinPath(sources.extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [media] };
    const sweep = sources.facade.sweep(sweepId);
    panel.title = vscode.l10n.t('Results: {0}', sweep ? sweepName(sweep) : sweepId);
    this.store.add(webview.onDidReceiveMessage((message) => void this.receive(message)));
    this.store.add(
      panel.onDidChangeViewState(() => {
        this.follow();
      }),
    );
    this.store.add(
      sources.onDidChange((change) => {
        if (change.sweepList || change.sweeps?.has(sweepId)) this.showHead();
      }),
    );
    webview.html = pageHtml({
      script: webview.asWebviewUri(vscode.Uri.joinPath(media, 'results.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(media, 'results.css')).toString(),
      cspSource: webview.cspSource,
      nonce: makeNonce(),
      title: panel.title,
      sweepId,
      language: vscode.env.language,
      bundle: vscode.l10n.bundle,
    });
  }

  reveal(): void {
    this.panel.reveal();
  }

  compare(tasks: readonly number[]): void {
    if (this.isReady) this.post({ kind: 'compare', tasks });
    else this.comparing = tasks;
  }

  dispose(): void {
    this.following?.dispose();
    this.store.dispose();
  }

  private async receive(data: unknown): Promise<void> {
    const message = parsePageMessage(data);
    if (!message) {
      this.sources.record(new Error(`The results page said what no page of ours says: ${kindOf(data)}`));
      return;
    }
    if (message.kind === 'ready') await this.showTable();
    else await this.answer(message.id, message.request);
  }

  /** Every request is answered: with a reply, or with why it was not done. */
  private async answer(id: number, request: PageRequest): Promise<void> {
    const { facade, desk, record } = this.sources;
    try {
      this.post({ kind: 'reply', id, value: await answerPage(facade, desk, this.sweepId, request) });
    } catch (error) {
      record(error);
      const text = describeError(vscode.l10n, error)?.text ?? vscode.l10n.t('It was cancelled.');
      this.post({ kind: 'refusal', id, message: text });
    }
  }

  private async showTable(): Promise<void> {
    const { facade, record } = this.sources;
    try {
      const sweep = facade.sweep(this.sweepId);
      if (!sweep) {
        this.post({ kind: 'gone', message: vscode.l10n.t('There is no sweep {0} any more.', this.sweepId) });
        return;
      }
      const results = facade.resultsOf(this.sweepId);
      if (sweep.total > SHOWN_AT_ONCE) {
        await this.postTable(sweep, results, await results.known());
        this.showProgress(0, sweep.total);
      }
      const table = await results.table(({ done, total, tasks }) => {
        this.post({ kind: 'rows', table: results.rows(tasks) });
        this.showProgress(done, total);
      });
      await this.postTable(sweep, results, table);
      this.post({ kind: 'reading', text: '' });
      this.isReady = true;
      if (this.comparing.length > 0) this.post({ kind: 'compare', tasks: this.comparing });
      this.comparing = [];
      this.follow();
    } catch (error) {
      record(error);
      this.post({ kind: 'gone', message: describeError(vscode.l10n, error)?.text ?? '' });
    }
  }

  private async postTable(sweep: SweepSummary, results: ResultSource, table: ResultTable): Promise<void> {
    const objective = await results.objective();
    const head = sweepHead(vscode.l10n, sweep, vscode.workspace.isTrusted);
    this.post({ kind: 'table', sweep: head, table, ...(objective && { objective }) });
  }

  private showProgress(done: number, total: number): void {
    this.post({ kind: 'reading', text: vscode.l10n.t('Reading metrics: {0} of {1} tasks.', done, total) });
  }

  private showHead(): void {
    const sweep = this.sources.facade.sweep(this.sweepId);
    if (sweep && this.isReady)
      this.post({ kind: 'sweep', sweep: sweepHead(vscode.l10n, sweep, vscode.workspace.isTrusted) });
  }

  /** Files are read again only while somebody looks. A page that was hidden starts anew: VS Code lets go of it meanwhile. */
  private follow(): void {
    if (!this.panel.visible) {
      this.following?.dispose();
      this.following = undefined;
      this.isReady = false;
      return;
    }
    if (this.following || !this.isReady) return;
    const results = this.sources.facade.resultsOf(this.sweepId);
    let hadMetrics = results.rows([]).metrics.length > 0;
    this.following = results.follow((tasks) => {
      const table = results.rows(tasks);
      this.post({ kind: 'rows', table });
      // The first metric of all is what the objective was waiting for.
      if (!hadMetrics && table.metrics.length > 0) void this.showTable();
      hadMetrics = table.metrics.length > 0;
    });
  }

  private post(message: HostMessage): void {
    // False when the page is hidden or gone: it asks for everything when it comes back.
    void this.panel.webview.postMessage(message);
  }
}

function makeNonce(): string {
  return globalThis.crypto.randomUUID().replaceAll('-', '');
}

function kindOf(data: unknown): string {
  return typeof data === 'object' && data !== null && 'kind' in data ? String(data.kind) : typeof data;
}
