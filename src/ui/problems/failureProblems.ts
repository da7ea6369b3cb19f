import * as vscode from 'vscode';
import type { Event } from '../../core/base/event';
import { DisposableStore, toDisposable, type Disposable } from '../../core/base/lifecycle';
import type { Change, SweepFacade, SweepSummary } from '../../core/facade';
import { readText, toUri } from '../documents/hsmDocuments';
import { findLineNow } from '../../core/analysis/movedLine';
import { problemsEnabled } from '../settings';
import type { FailureMarks } from '../state/failureMarks';
import { FAILURE_STATES } from '../trees/taskGroup';
import { placeEntry, type FailureEntry } from './failureEntries';
import { FoundFailures } from './foundFailures';
import { PROBLEM_SOURCE } from './problemSource';

/** Failures are analysed again at most so often; each time costs reading the new ones' output. */
const UPDATE_INTERVAL_MS = 1000;

type LaunchedCode = ReturnType<SweepFacade['codeAtLaunch']>;

interface SweepEntries {
  readonly list: readonly FailureEntry[];
  /** By task and file: what ran stays what it was. */
  readonly code: Map<string, LaunchedCode>;
}

/** Puts the causes of failed tasks into the Problems panel: one entry per file, line and signature. */
export class FailureProblems implements Disposable {
  private readonly store = new DisposableStore();
  private readonly collection = this.store.add(vscode.languages.createDiagnosticCollection('hsm.failures'));
  private readonly found: FoundFailures;
  /** By sweep. */
  private entries = new Map<string, SweepEntries>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly facade: SweepFacade,
    private readonly marks: FailureMarks,
    onDidChange: Event<Change>,
    private readonly onError: (error: unknown) => void,
  ) {
    this.found = new FoundFailures(facade, vscode.l10n);
    const later = (): void => {
      this.updateLater();
    };
    this.store.add(
      onDidChange((change) => {
        this.found.note(change);
        later();
      }),
    );
    this.store.add(marks.onDidChange(later));
    this.store.add(vscode.workspace.onDidChangeConfiguration(later));
    this.store.add(
      vscode.workspace.onDidSaveTextDocument(({ uri: { fsPath } }) => {
        if (this.namesFile(fsPath)) later();
      }),
    );
    this.store.add(
      toDisposable(() => {
        clearTimeout(this.timer);
      }),
    );
    this.updateLater();
  }

  dispose(): void {
    this.store.dispose();
  }

  private updateLater(): void {
    this.timer ??= setTimeout(() => {
      // The timer stands until the work is done, so that two updates never run at once.
      this.update()
        .catch(this.onError)
        .finally(() => {
          this.timer = undefined;
        });
    }, UPDATE_INTERVAL_MS);
  }

  private async update(): Promise<void> {
    const sweeps = problemsEnabled() ? newestOfEachFile(this.facade.sweeps()) : [];
    const entries: typeof this.entries = new Map();
    for (const sweep of sweeps) {
      const before = this.entries.get(sweep.id) ?? { list: [], code: new Map<string, LaunchedCode>() };
      entries.set(sweep.id, { ...before, list: await this.listOf(sweep, before.list) });
    }
    this.found.keepOnly(sweeps);
    this.entries = entries;
    const placed = [...entries.values()].flatMap(({ list, code }) =>
      list.map((entry) => this.place(entry, code)),
    );
    this.show(await Promise.all(placed));
  }

  /** What cannot be read of one sweep says nothing of the others. */
  private async listOf(
    sweep: SweepSummary,
    before: readonly FailureEntry[],
  ): Promise<readonly FailureEntry[]> {
    try {
      return await this.found.of(sweep, this.shownTasks(sweep));
    } catch (error) {
      this.onError(error);
      return before;
    }
  }

  /** Its lines may have moved since. */
  private place(entry: FailureEntry, known: SweepEntries['code']): Promise<FailureEntry> {
    const codeAtLaunch = (sweepId: string, file: string, task?: number): LaunchedCode => {
      const key = `${task ?? ''} ${file}`;
      const code = known.get(key) ?? this.facade.codeAtLaunch(sweepId, file, task);
      known.set(key, code);
      return code;
    };
    const sources = { facade: { codeAtLaunch }, readText };
    return placeEntry(vscode.l10n, entry, (file, line) => findLineNow(sources, entry, file, line));
  }

  private namesFile(file: string): boolean {
    const lists = [...this.entries.values()].flatMap(({ list }) => list);
    return lists.some((entry) => entry.file === file || entry.frames.some((frame) => frame.file === file));
  }

  private shownTasks({ id }: SweepSummary): ReturnType<SweepFacade['tasks']> {
    const failed = this.facade.tasks(id, { states: FAILURE_STATES });
    return failed.filter((task) => !this.marks.isDismissed(id, task));
  }

  private show(entries: readonly FailureEntry[]): void {
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const entry of entries) {
      byFile.set(entry.file, [...(byFile.get(entry.file) ?? []), toDiagnostic(entry)]);
    }
    this.collection.clear();
    for (const [file, diagnostics] of byFile) this.collection.set(vscode.Uri.file(file), diagnostics);
  }
}

/** An old run of a file that ran again since tells nothing new. */
function newestOfEachFile(sweeps: readonly SweepSummary[]): readonly SweepSummary[] {
  const files = new Set<string>();
  return sweeps.filter(({ file }) => !files.has(file) && files.add(file));
}

function toDiagnostic({ sweepId, task, line, message, code, frames }: FailureEntry): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(wholeLine(line), message, vscode.DiagnosticSeverity.Error);
  diagnostic.source = PROBLEM_SOURCE;
  diagnostic.code = { value: code, target: toUri({ kind: 'task', sweepId, task }) };
  diagnostic.relatedInformation = frames.map(
    (frame) =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(vscode.Uri.file(frame.file), wholeLine(frame.line)),
        frame.text,
      ),
  );
  return diagnostic;
}

/** VS Code cuts it to the line's length when it shows it. */
function wholeLine(line: number): vscode.Range {
  return new vscode.Range(line - 1, 0, line - 1, 10_000);
}
