import type * as vscode from 'vscode';
import { Emitter } from '../../core/base/event';
import type { Disposable } from '../../core/base/lifecycle';
import type { SweepFacade, SweepSummary, TaskSummary } from '../../core/facade';
import { FAILURE_STATES } from '../trees/taskGroup';

/** What the user has seen of one sweep's failures. */
interface SweepMark {
  /** Failures that ended up to then are seen. */
  readonly seenThroughMs?: number;
  /** Attempts that were looked at one by one, by task number. */
  readonly seen?: Readonly<Record<string, number>>;
  /** Failures that ended up to then no longer show in Problems. */
  readonly dismissedThroughMs?: number;
}

const MARKS_KEY = 'hsm.failureMarks';
const SINCE_KEY = 'hsm.failureMarksSince';

type Facade = Pick<SweepFacade, 'sweeps' | 'sweep' | 'tasks'>;

/** Which failures the user has seen or dismissed, kept across windows. */
export class FailureMarks implements Disposable {
  private readonly changed = new Emitter<undefined>();
  readonly onDidChange = this.changed.event;

  /** Failures from before this extension's first use in the workspace count as seen. */
  private readonly sinceMs: number;
  private marks: Readonly<Record<string, SweepMark>>;

  constructor(
    private readonly facade: Facade,
    private readonly memory: vscode.Memento,
    nowMs: number,
  ) {
    this.sinceMs = memory.get<number>(SINCE_KEY) ?? nowMs;
    void memory.update(SINCE_KEY, this.sinceMs);
    this.marks = memory.get<Record<string, SweepMark>>(MARKS_KEY) ?? {};
  }

  /** Failures nobody has looked at, of all sweeps or one. */
  unseenCount(sweepId?: string): number {
    const sweeps = sweepId === undefined ? this.facade.sweeps() : [this.facade.sweep(sweepId)];
    return sweeps.reduce((sum, sweep) => sum + (sweep ? this.unseenOf(sweep).length : 0), 0);
  }

  unseenOf(sweep: SweepSummary): readonly TaskSummary[] {
    const { counts, endedAtMs = Infinity, id } = sweep;
    if (endedAtMs < this.sinceMs || counts.failed + counts.lost === 0) return [];
    const { seenThroughMs = this.sinceMs, seen = {} } = this.marks[id] ?? {};
    return this.failuresOf(id).filter(
      (task) => failedAtMs(task) > seenThroughMs && seen[String(task.number)] !== task.attempt,
    );
  }

  isDismissed(sweepId: string, task: TaskSummary): boolean {
    const { dismissedThroughMs = -Infinity } = this.marks[sweepId] ?? {};
    return failedAtMs(task) <= dismissedThroughMs;
  }

  markTaskSeen(sweepId: string, task: TaskSummary): void {
    const seen = { ...this.marks[sweepId]?.seen, [String(task.number)]: task.attempt };
    this.set(sweepId, { seen });
  }

  markSweepSeen(sweepId: string): void {
    this.set(sweepId, { seenThroughMs: this.lastFailureMs(sweepId), seen: {} });
  }

  /** Takes the sweep's failures so far out of Problems and out of the badge. */
  dismiss(sweepId: string): void {
    const throughMs = this.lastFailureMs(sweepId);
    this.set(sweepId, { seenThroughMs: throughMs, dismissedThroughMs: throughMs, seen: {} });
  }

  dispose(): void {
    this.changed.dispose();
  }

  private lastFailureMs(sweepId: string): number {
    return this.failuresOf(sweepId).reduce((last, task) => Math.max(last, failedAtMs(task)), 0);
  }

  private failuresOf(sweepId: string): readonly TaskSummary[] {
    return this.facade.tasks(sweepId, { states: FAILURE_STATES });
  }

  private set(sweepId: string, change: SweepMark): void {
    const known = new Set(this.facade.sweeps().map(({ id }) => id));
    // Sweeps whose directory was removed are forgotten.
    const kept = Object.entries(this.marks).filter(([id]) => known.has(id));
    this.marks = { ...Object.fromEntries(kept), [sweepId]: { ...this.marks[sweepId], ...change } };
    void this.memory.update(MARKS_KEY, this.marks);
    this.changed.fire(undefined);
  }
}

/** Nobody saw a lost task end; it started, at least. */
function failedAtMs({ endedAtMs, startedAtMs }: TaskSummary): number {
  return endedAtMs ?? startedAtMs ?? 0;
}
