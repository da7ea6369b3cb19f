import * as vscode from 'vscode';
import type { Event } from '../../core/base/event';
import { DisposableStore, toDisposable, type Disposable } from '../../core/base/lifecycle';
import type { Change, SweepFacade } from '../../core/facade';
import { documentText } from './documentText';
import { DOCUMENT_SCHEME, parseUriParts, toUriParts, type HsmDocument } from './documentUri';
import { FileLinkProvider } from './linkProvider';
import { unfoldLinks, type UnfoldedLink } from './unfoldLinks';

/** A preview follows the typing after this much quiet. */
const TYPING_PAUSE_MS = 300;

/** Open documents are written again at most so often: a table of results is more work than a line of a tree. */
const REWRITE_INTERVAL_MS = 1000;

export function toUri(document: HsmDocument): vscode.Uri {
  return vscode.Uri.from(toUriParts(document));
}

/** Opens a virtual document in a tab. */
export async function showHsmDocument(document: HsmDocument): Promise<void> {
  await vscode.window.showTextDocument(toUri(document), { preview: true });
}

/** Serves the `hsm:` documents and keeps the open ones up to date. */
export class HsmDocuments implements vscode.TextDocumentContentProvider, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<vscode.Uri>());
  private typingTimer: NodeJS.Timeout | undefined;
  private rewriteTimer: NodeJS.Timeout | undefined;
  private readonly outdated = new Map<string, vscode.Uri>();
  /** Of the documents that are open, as their text was made last. */
  private readonly links = new Map<string, readonly UnfoldedLink[]>();

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly facade: SweepFacade,
    onDidChange: Event<Change>,
    private readonly onError: (error: unknown) => void,
  ) {
    const { workspace, languages } = vscode;
    const links = new FileLinkProvider(facade.projectDir, (uri) => this.links.get(uri.toString()) ?? []);
    this.store.add(workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, this));
    this.store.add(languages.registerDocumentLinkProvider({ scheme: DOCUMENT_SCHEME }, links));
    this.store.add(
      onDidChange((change) => {
        this.rewriteLater((document) => concerns(change, document));
      }),
    );
    this.store.add(
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.links.delete(uri.toString());
      }),
    );
    this.store.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme !== DOCUMENT_SCHEME) this.refreshPreviewLater(document.uri.fsPath);
      }),
    );
    this.store.add(
      toDisposable(() => {
        clearTimeout(this.typingTimer);
        clearTimeout(this.rewriteTimer);
      }),
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const document = parseUriParts(uri);
    if (!document) return `${vscode.l10n.t('This address names nothing to show: {0}', uri.toString())}\n`;
    try {
      const text = await documentText({ facade: this.facade, l10n: vscode.l10n, readText }, document);
      if (!uri.path.endsWith('.md') || document.kind === 'code') return text;
      const unfolded = unfoldLinks(text);
      this.links.set(uri.toString(), unfolded.links);
      return unfolded.text;
    } catch (error) {
      this.onError(error);
      return `${vscode.l10n.t('This could not be read. The log says why.')}\n`;
    }
  }

  dispose(): void {
    this.store.dispose();
  }

  private refreshPreviewLater(file: string): void {
    const isShown = (document: HsmDocument): boolean => document.kind === 'preview' && document.file === file;
    if (!openDocuments().some(([, document]) => isShown(document))) return;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => {
      for (const [uri, document] of openDocuments()) {
        if (isShown(document)) this.changed.fire(uri);
      }
    }, TYPING_PAUSE_MS);
  }

  private rewriteLater(isOutdated: (document: HsmDocument) => boolean): void {
    for (const [uri, document] of openDocuments()) {
      if (isOutdated(document)) this.outdated.set(uri.toString(), uri);
    }
    if (this.outdated.size === 0 || this.rewriteTimer) return;
    this.rewriteTimer = setTimeout(() => {
      this.rewriteTimer = undefined;
      const uris = [...this.outdated.values()];
      this.outdated.clear();
      for (const uri of uris) this.changed.fire(uri);
    }, REWRITE_INTERVAL_MS);
  }
}

/** Whether a change can alter what a document says. */
function concerns(change: Change, document: HsmDocument): boolean {
  if (document.kind === 'preview' || document.kind === 'code') return false;
  if (change.sweepList) return true;
  if (!change.sweeps?.has(document.sweepId)) return false;
  const tasks = change.sweeps.get(document.sweepId);
  return document.kind !== 'task' || !tasks || tasks.includes(document.task);
}

function openDocuments(): [vscode.Uri, HsmDocument][] {
  return vscode.workspace.textDocuments.flatMap(({ uri }): [vscode.Uri, HsmDocument][] => {
    const document = parseUriParts(uri);
    return document ? [[uri, document]] : [];
  });
}

/** The text of a workspace file, with changes that are not saved yet. Opens nothing: language servers stay out of it. */
export async function readText(file: string): Promise<string> {
  const uri = vscode.Uri.file(file);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  return open ? open.getText() : new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}
