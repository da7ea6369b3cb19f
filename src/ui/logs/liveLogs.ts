import * as vscode from 'vscode';
import { errorText, HsmError } from '../../core/base/errors';
import { DisposableStore, toDisposable, type Disposable } from '../../core/base/lifecycle';
import { isFinal } from '../../core/engine/taskState';
import type { SweepFacade } from '../../core/facade';
import { findTask } from '../state/taskLookup';
import { EarlierLink } from './earlierLink';
import { LogTail } from './logTail';
import { logText } from './logText';
import { LOG_SCHEME, parseLogUri, toLogUri, type TaskLog } from './logUri';

/** How often a log that is on screen is asked for its news, while its task runs. */
const FOLLOW_MS = 1000;
/** And when the last try has failed. */
const RETRY_MS = 5000;

interface OpenLog {
  readonly uri: vscode.Uri;
  readonly log: TaskLog;
  readonly tail: LogTail;
  /** The task was over when it was last read: nothing more will come. */
  isWhole: boolean;
  trouble?: string;
  /** Why what was read last may be cut off. */
  note?: string;
  /** `performance.now()` before which it is left alone. */
  notBefore: number;
}

/** Opens the log of a task that runs elsewhere, at its end, where it then stays. */
export async function showLiveLog(log: TaskLog): Promise<void> {
  const uri = vscode.Uri.from(toLogUri(log));
  const editor = await vscode.window.showTextDocument(uri, { preview: true });
  goToEnd(editor);
}

/** Serves the logs of tasks on other machines, and follows those that are on screen. */
export class LiveLogs implements vscode.TextDocumentContentProvider, Disposable {
  private readonly store = new DisposableStore();
  private readonly abort = new AbortController();
  private readonly changed = this.store.add(new vscode.EventEmitter<vscode.Uri>());
  private readonly open = new Map<string, OpenLog>();
  /** Documents whose editors stay at the end while they grow. */
  private readonly atEnd = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly facade: Pick<SweepFacade, 'readTaskLog' | 'tasks'>,
    private readonly onError: (error: unknown) => void,
  ) {
    const { workspace, window, languages } = vscode;
    this.store.add(workspace.registerTextDocumentContentProvider(LOG_SCHEME, this));
    this.store.add(languages.registerDocumentLinkProvider({ scheme: LOG_SCHEME }, new EarlierLink()));
    this.store.add(
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.open.delete(uri.toString());
      }),
    );
    this.store.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        this.stayAtEnd(document);
      }),
    );
    this.store.add(
      window.onDidChangeVisibleTextEditors(() => {
        this.schedule();
      }),
    );
    this.store.add(
      toDisposable(() => {
        this.abort.abort();
        clearTimeout(this.timer);
      }),
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const log = parseLogUri(uri);
    if (!log) return `${vscode.l10n.t('This address names nothing to show: {0}', uri.toString())}\n`;
    let opened = this.open.get(uri.toString());
    if (!opened) {
      opened = this.add(uri, log);
      await this.read(opened);
      this.schedule();
    }
    return logText(vscode.l10n, opened);
  }

  /** Shows another step of what is before the text. */
  async showEarlier(uri: vscode.Uri): Promise<void> {
    const opened = this.open.get(uri.toString());
    if (!opened) return;
    await opened.tail.showEarlier();
    this.changed.fire(uri);
  }

  dispose(): void {
    this.store.dispose();
  }

  private add(uri: vscode.Uri, log: TaskLog): OpenLog {
    const { sweepId, task, log: stream } = log;
    const tail = new LogTail(async (range) => {
      const { note, ...piece } = await this.facade.readTaskLog(
        sweepId,
        task,
        stream,
        range,
        this.abort.signal,
      );
      if (note === undefined) delete opened.note;
      else opened.note = note;
      return piece;
    });
    const opened: OpenLog = { uri, log, tail, isWhole: false, notBefore: 0 };
    this.open.set(uri.toString(), opened);
    return opened;
  }

  /** @returns whether the document says something else now */
  private async read(opened: OpenLog): Promise<boolean> {
    const { sweepId, task } = opened.log;
    // Asked before it is read: what it wrote up to its end is then surely in what is read.
    const state = findTask(this.facade, sweepId, task)?.state;
    const before = opened.trouble;
    try {
      requireTrust();
      const grew = await opened.tail.follow();
      const { note } = opened;
      if (note === undefined) delete opened.trouble;
      else opened.trouble = nothingNewer(note);
      opened.isWhole = note === undefined && (state === undefined || isFinal(state));
      opened.notBefore = performance.now() + (note === undefined ? FOLLOW_MS : RETRY_MS);
      return grew || before !== opened.trouble;
    } catch (error) {
      if (this.abort.signal.aborted) return false;
      if (!(error instanceof HsmError)) this.onError(error);
      opened.trouble = nothingNewer(errorText(error));
      opened.notBefore = performance.now() + RETRY_MS;
      return before !== opened.trouble;
    }
  }

  /** Looks again while something on screen can still change. */
  private schedule(): void {
    clearTimeout(this.timer);
    if (this.abort.signal.aborted) return;
    const due = this.onScreen().map(({ notBefore }) => notBefore);
    if (due.length === 0) return;
    this.timer = setTimeout(() => void this.tick(), Math.max(0, Math.min(...due) - performance.now()));
  }

  private async tick(): Promise<void> {
    const now = performance.now();
    const due = this.onScreen().filter(({ notBefore }) => notBefore <= now);
    await Promise.all(
      due.map(async (opened) => {
        if (await this.read(opened)) this.redraw(opened.uri);
      }),
    );
    this.schedule();
  }

  private onScreen(): OpenLog[] {
    const visible = new Set(vscode.window.visibleTextEditors.map(({ document }) => document.uri.toString()));
    return [...this.open].flatMap(([key, opened]) => (visible.has(key) && !opened.isWhole ? [opened] : []));
  }

  private redraw(uri: vscode.Uri): void {
    const key = uri.toString();
    if (editorsOf(uri).some(isAtEnd)) this.atEnd.add(key);
    else this.atEnd.delete(key);
    this.changed.fire(uri);
  }

  private stayAtEnd({ uri }: vscode.TextDocument): void {
    if (!this.atEnd.has(uri.toString())) return;
    for (const editor of editorsOf(uri)) goToEnd(editor);
  }
}

function nothingNewer(reason: string): string {
  return vscode.l10n.t('Nothing newer can be read now: {0}', reason);
}

/** The workspace's own files say which host is connected to. */
function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  const text = vscode.l10n.t('hosts are connected to only from a workspace that you trust.');
  throw new HsmError('input.invalid', text, {});
}

function editorsOf(uri: vscode.Uri): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
}

/** The caret is on the last line: whoever moved it up wants to read there. */
function isAtEnd({ selection, document }: vscode.TextEditor): boolean {
  return selection.active.line >= document.lineCount - 1;
}

function goToEnd(editor: vscode.TextEditor): void {
  const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
  editor.selection = new vscode.Selection(end, end);
  editor.revealRange(new vscode.Range(end, end));
}
