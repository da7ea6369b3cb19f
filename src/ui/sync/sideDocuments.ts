import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { SyncFacade } from '../../core/sync/syncFacade';
import { parseSideUriParts, SIDE_SCHEME } from './sideUri';
import { sideText } from './sideText';

/** Serves the read-only sides of compared files, and reads open ones again after each comparison. */
export class SideDocuments implements vscode.TextDocumentContentProvider, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;
  private readonly comparedAt = new Map<string, number | undefined>();

  constructor(
    private readonly sync: SyncFacade,
    private readonly onError: (error: unknown) => void,
  ) {
    this.store.add(vscode.workspace.registerTextDocumentContentProvider(SIDE_SCHEME, this));
    this.store.add(
      sync.onDidChange((source) => {
        const at = sync.remote(source)?.comparedAtMs;
        if (this.comparedAt.get(source) === at) return;
        this.comparedAt.set(source, at);
        for (const { uri } of vscode.workspace.textDocuments)
          if (parseSideUriParts(uri)?.source === source) this.changed.fire(uri);
      }),
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const document = parseSideUriParts(uri);
    if (!document) return `${vscode.l10n.t('This address names nothing to show: {0}', uri.toString())}\n`;
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => {
      abort.abort();
    });
    try {
      return await sideText({ sync: this.sync, l10n: vscode.l10n }, document, abort.signal);
    } catch (error) {
      this.onError(error);
      return `${vscode.l10n.t('This could not be read. The log says why.')}\n`;
    } finally {
      listener.dispose();
    }
  }

  dispose(): void {
    this.store.dispose();
  }
}
