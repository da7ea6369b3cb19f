import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { SyncFacade, SyncSummary } from '../../core/sync/syncFacade';
import { syncMarks, type SyncMark } from './syncMarks';

/** Badges on the files that differ from a checkout, in the explorer, the tabs and the Sync view. */
export class SyncDecorations implements vscode.FileDecorationProvider, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<vscode.Uri[]>());
  readonly onDidChangeFileDecorations = this.changed.event;
  private marks: ReadonlyMap<string, SyncMark> = new Map();
  private shown: readonly SyncSummary['comparison'][] = [];

  constructor(
    private readonly sync: SyncFacade,
    private readonly projectDir: string,
  ) {
    this.store.add(vscode.window.registerFileDecorationProvider(this));
    const update = (): void => {
      this.update();
    };
    this.store.add(sync.onDidChange(update));
    this.update();
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const mark = uri.scheme === 'file' ? this.marks.get(uri.toString()) : undefined;
    if (!mark) return undefined;
    const color = new vscode.ThemeColor(
      mark.isConflict ? 'gitDecoration.conflictingResourceForeground' : 'charts.blue',
    );
    const decoration = new vscode.FileDecoration(
      mark.badge,
      mark.tooltip,
      mark.isConflict ? color : undefined,
    );
    return decoration;
  }

  dispose(): void {
    this.store.dispose();
  }

  /** Only when a comparison is new: progress alone changes no badge. */
  private update(): void {
    const remotes = this.sync.remotes();
    const comparisons = remotes.map(({ comparison }) => comparison);
    if (comparisons.length === this.shown.length && comparisons.every((each, i) => each === this.shown[i]))
      return;
    this.shown = comparisons;
    const before = this.marks;
    const root = vscode.Uri.file(this.projectDir);
    const marks = [...syncMarks(vscode.l10n, remotes)];
    this.marks = new Map(marks.map(([path, mark]) => [vscode.Uri.joinPath(root, path).toString(), mark]));
    const touched = new Set([...before.keys(), ...this.marks.keys()]);
    this.changed.fire([...touched].map((uri) => vscode.Uri.parse(uri)));
  }
}
