import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { SweepFacade } from '../../core/facade';
import { isYamlFile } from './fileRole';
import { isKeptCopy, NEVER, USUAL_PLACES } from './sweepPlaces';

const MOST_FILES = 500;
const LARGEST_BYTES = 1024 * 1024;

/** Menus ask this context key whether a file is a sweep file: `resourcePath in hsm.sweepFiles`. */
const CONTEXT_KEY = 'hsm.sweepFiles';

/** Knows which files of the workspace are sweep files, by their content. */
export class SweepFiles implements Disposable {
  private readonly store = new DisposableStore();
  private readonly known = new Map<string, vscode.Uri>();
  /** Settled when the usual places were looked through. */
  readonly ready: Promise<void>;

  constructor(
    private readonly facade: Pick<SweepFacade, 'isSweepFile'>,
    private readonly onError: (error: unknown) => void,
  ) {
    const { workspace } = vscode;
    const watcher = this.store.add(workspace.createFileSystemWatcher(USUAL_PLACES));
    const read = (uri: vscode.Uri): void => {
      if (!isKeptCopy(uri.path)) this.read(uri).catch(this.onError);
    };
    this.store.add(watcher.onDidCreate(read));
    this.store.add(watcher.onDidChange(read));
    this.store.add(
      watcher.onDidDelete((uri) => {
        this.set(uri, false);
      }),
    );
    const look = (document: vscode.TextDocument): void => {
      this.look(document);
    };
    this.store.add(workspace.onDidOpenTextDocument(look));
    this.store.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        look(document);
      }),
    );
    workspace.textDocuments.forEach(look);
    this.ready = this.search().catch(onError);
  }

  /** Sweep files of the workspace, by path. */
  async all(): Promise<readonly vscode.Uri[]> {
    await this.ready;
    return [...this.known.values()].sort((a, b) => a.path.localeCompare(b.path));
  }

  isSweepFile(uri: vscode.Uri): boolean {
    return this.known.has(uri.fsPath);
  }

  dispose(): void {
    this.store.dispose();
  }

  private async search(): Promise<void> {
    const uris = await vscode.workspace.findFiles(USUAL_PLACES, NEVER, MOST_FILES);
    await Promise.all(uris.map((uri) => this.read(uri)));
  }

  private async read(uri: vscode.Uri): Promise<void> {
    try {
      const { size } = await vscode.workspace.fs.stat(uri);
      if (size > LARGEST_BYTES) return;
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      this.set(uri, this.facade.isSweepFile(uri.fsPath, text));
    } catch (error) {
      // Removed or unreadable since it was found: then it is none to start.
      if (!(error instanceof vscode.FileSystemError)) throw error;
      this.set(uri, false);
    }
  }

  private look(document: vscode.TextDocument): void {
    const { uri } = document;
    if (uri.scheme !== 'file' || !isYamlFile(uri.fsPath)) return;
    this.set(uri, this.facade.isSweepFile(uri.fsPath, document.getText()));
  }

  private set(uri: vscode.Uri, isSweepFile: boolean): void {
    if (isSweepFile === this.known.has(uri.fsPath)) return;
    if (isSweepFile) this.known.set(uri.fsPath, uri);
    else this.known.delete(uri.fsPath);
    const paths = Object.fromEntries([...this.known.keys()].map((path) => [path, true]));
    vscode.commands.executeCommand('setContext', CONTEXT_KEY, paths).then(undefined, this.onError);
  }
}
