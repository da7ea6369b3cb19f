import { Alarm } from '../base/alarm';
import type { Clock } from '../base/clock';
import { errorText } from '../base/errors';
import type { Event } from '../base/event';
import { DisposableStore, toDisposable, type Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import type { EngineChange } from '../engine/sweepEngine';
import type { SweepArtefacts } from './sweepArtefacts';
import type { SweepSession } from './sweepSession';

/** The tables are written at most so often while tasks end. */
const TABLES_EVERY_MS = 10_000;
/** And so much longer than it took: of a large sweep, or on a slow disk, writing them must not become the work. */
const TABLES_PAUSE = 20;
const SETTLE_MS = 200;

/** Where files of tasks come from other machines. */
export interface Arrivals {
  /** Files of these tasks came. */
  readonly onDidArrive: Event<readonly number[]>;
  /** More are on their way. */
  readonly isBringing?: boolean;
}

/**
 * Keeps a driven sweep's derived files true: a failed task's summary at once, the tables now and then and at the end.
 * A file that cannot be written is told in the log and tried again; it never holds up the sweep.
 */
export class ArtefactWriter implements Disposable {
  private readonly alarm: Alarm;
  private readonly written = new Map<number, string>();
  private disposed = false;
  private stopSettling: () => void = () => undefined;
  private tablesDueAt = 0;
  private stale = true;
  private readonly pending = new Set<number>();
  /** How often files of a task came. */
  private readonly arrived = new Map<number, number>();
  private readonly listener = new DisposableStore();

  constructor(
    private readonly session: SweepSession,
    private readonly artefacts: SweepArtefacts,
    private readonly clock: Clock,
    private readonly log: Logger,
    /** What tasks on other machines wrote, where there are any. */
    private readonly arrivals: Arrivals = { onDidArrive: () => toDisposable(() => undefined) },
  ) {
    this.alarm = new Alarm(clock);
    this.listener.add(
      session.onDidChange((change) => {
        this.note(change);
      }),
    );
    this.listener.add(
      arrivals.onDidArrive((tasks) => {
        for (const task of tasks) this.arrived.set(task, (this.arrived.get(task) ?? 0) + 1);
        this.note(tasks);
      }),
    );
    this.note(undefined);
  }

  /**
   * Works until this is disposed; then everything is written once more. Not only until the sweep is over: files of its
   * last tasks may still be on their way.
   */
  async run(): Promise<void> {
    while (!this.disposed) {
      await this.alarm.wait(TABLES_EVERY_MS);
      if (this.isDisposed()) break;
      // Failures come in bursts: one look for many.
      await this.settle();
      await this.attempt(() => this.writeSummaries());
      if (this.clock.elapsed() >= this.tablesDueAt) await this.attempt(() => this.writeTables());
    }
    await this.attempt(() => this.writeSummaries());
    await this.attempt(() => this.writeTables());
  }

  dispose(): void {
    this.disposed = true;
    this.listener.dispose();
    this.alarm.wake();
    this.stopSettling();
  }

  /** Ends early when this is disposed. */
  private settle(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.clock.after(SETTLE_MS, resolve);
      this.stopSettling = () => {
        timer.dispose();
        resolve();
      };
    });
  }

  /** Asked behind an `await`, across which the compiler would remember the old answer. */
  private isDisposed(): boolean {
    return this.disposed;
  }

  private note(change: EngineChange): void {
    this.stale = true;
    const { tasks } = this.session.state;
    const candidates = change ?? [...this.session.state.tasks.inState('failed'), ...tasks.inState('lost')];
    for (const task of candidates) {
      const key = this.keyOf(task);
      const failed = tasks.stateOf(task) === 'failed' || tasks.stateOf(task) === 'lost';
      if (this.written.get(task) !== key && (failed || this.written.has(task))) this.pending.add(task);
    }
    // Without the files that are on their way, the tables of a sweep that is over would be made for nothing.
    const isWhole = this.session.state.isOver && this.arrivals.isBringing !== true;
    if (this.pending.size > 0 || isWhole) this.alarm.wake();
  }

  /** A summary is written anew when another attempt ended, and when more of its files came. */
  private keyOf(task: number): string {
    const { tasks } = this.session.state;
    return `${tasks.stateOf(task)} ${tasks.attemptOf(task)} ${this.arrived.get(task) ?? 0}`;
  }

  private async writeSummaries(): Promise<void> {
    for (const task of [...this.pending]) {
      const key = this.keyOf(task);
      this.pending.delete(task);
      try {
        await this.artefacts.writeSummary(task);
        this.written.set(task, key);
      } catch (error) {
        this.pending.add(task);
        throw error;
      }
    }
  }

  private async writeTables(): Promise<void> {
    const beganAt = this.clock.elapsed();
    this.tablesDueAt = beganAt + TABLES_EVERY_MS;
    // Tasks that run measure, too, without a change of the sweep's state.
    const measures = this.session.state.tasks.count('running') > 0;
    if (!this.stale && !measures) return;
    if (this.stale) {
      this.stale = false;
      await this.artefacts.writeTables();
    } else await this.artefacts.writeResults();
    const tookMs = this.clock.elapsed() - beganAt;
    this.tablesDueAt = this.clock.elapsed() + Math.max(TABLES_EVERY_MS, TABLES_PAUSE * tookMs);
  }

  private async attempt(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.stale = true;
      this.log.warn(`${this.session.id}: summaries could not be written: ${errorText(error)}`);
    }
  }
}
