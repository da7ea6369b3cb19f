import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../../core/base/lifecycle';
import type { SweepFacade } from '../../core/facade';

/** Typing and saving come in bursts. */
const PAUSE_MS = 1500;

/**
 * Compares again by itself after files were saved, and when the view is opened: only checkouts on hosts that are
 * connected already, because nobody must be asked for a password here, and only while the view can be seen. Whatever the
 * user does meanwhile comes first.
 */
export class FreshComparison implements Disposable {
  private readonly store = new DisposableStore();
  private timer: NodeJS.Timeout | undefined;
  private readonly abort = new AbortController();

  constructor(
    private readonly facade: Pick<SweepFacade, 'sync' | 'hosts' | 'projectDir'>,
    private readonly view: Pick<vscode.TreeView<unknown>, 'visible' | 'onDidChangeVisibility'>,
    private readonly onError: (error: unknown) => void,
  ) {
    const root = vscode.Uri.file(facade.projectDir).toString();
    this.store.add(
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.toString().startsWith(`${root}/`)) this.compareLater();
      }),
    );
    this.store.add(
      view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.compareLater();
      }),
    );
    this.store.add(
      toDisposable(() => {
        clearTimeout(this.timer);
        this.abort.abort();
      }),
    );
  }

  dispose(): void {
    this.store.dispose();
  }

  private compareLater(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.compare();
    }, PAUSE_MS);
  }

  private compare(): void {
    const { sync, hosts } = this.facade;
    if (!this.view.visible) return;
    const connected = new Set(
      hosts
        .hosts()
        .filter(({ state }) => state.kind === 'connected')
        .map(({ host }) => host),
    );
    for (const { source, host } of sync.remotes())
      if (connected.has(host))
        sync.refresh(source, this.abort.signal).catch((error: unknown) => {
          if (!this.abort.signal.aborted) this.onError(error);
        });
  }
}
