import { Alarm } from '../base/alarm';
import type { Clock } from '../base/clock';
import { errorText } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import { Mutex } from '../base/mutex';
import type { AttemptRef, CollectionReport, CollectOptions } from '../compute/computeSource';
import { collectedRecord, type CollectedRecord, type Homecomings } from './collectedRecord';
import type { ResultCollector } from './resultCollectionManager';

/** What the collection from one source needs of its sweep. */
export interface CollectedSweep {
  readonly clock: Clock;
  readonly log: Logger;
  readonly homes: Homecomings;
  /** Attempts that ran on a source and have ended, whether home or not, in the order of their tasks. */
  ended(source: string): Iterable<AttemptRef>;
  /** Tasks that run there now. */
  running(source: string): Iterable<number>;
  /** Name of a task's directory. */
  nameOf(task: number): string;
  /** The source once it can be asked. */
  collectorOf(source: string): ResultCollector | undefined;
  remember(record: CollectedRecord): Promise<void>;
  /** Files of these tasks came. */
  arrived(tasks: readonly number[]): void;
}

/** Logs and metrics of running tasks come so often, and what ended with them. */
const LIVE_EVERY_MS = 15_000;
/** And so many times longer than it took, so that a slow line is not always full. */
const LIVE_PAUSE = 4;
/** Failures come in bursts: one transfer for many. */
const SETTLE_MS = 150;
const RETRIES_MS: readonly number[] = [2_000, 10_000, 30_000];

/**
 * Brings home what the tasks of one sweep leave on one source: a failed task's files at once, logs and metrics of running
 * tasks now and then, and everything at the end. One transfer at a time.
 */
export class SourceCollection implements Disposable {
  private readonly abort = new AbortController();
  private readonly alarm: Alarm;
  private readonly transfers = new Mutex();
  private urgent = new Set<number>();
  private liveDueAt: number;
  private stopped = false;
  private trouble: string | undefined;

  constructor(
    readonly source: string,
    private readonly sweep: CollectedSweep,
  ) {
    this.alarm = new Alarm(sweep.clock);
    this.liveDueAt = sweep.clock.elapsed() + LIVE_EVERY_MS;
  }

  /** Attempts that ended and whose files are not here. */
  missing(): AttemptRef[] {
    return [...this.sweep.ended(this.source)].filter((attempt) => !this.sweep.homes.has(attempt));
  }

  /** What went wrong last; undefined when all went well. */
  get problem(): string | undefined {
    return this.trouble;
  }

  /** A task failed here: its files are wanted at once. */
  want(task: number): void {
    this.urgent.add(task);
    this.alarm.wake();
  }

  /** Works until {@link finish} or disposed. Never rejects: what goes wrong is logged and tried again. */
  async run(): Promise<void> {
    while (!this.isOver()) {
      await this.alarm.wait(Math.max(0, this.liveDueAt - this.sweep.clock.elapsed()));
      if (this.isOver()) return;
      if (this.urgent.size > 0) {
        await new Promise<void>((resolve) => this.sweep.clock.after(SETTLE_MS, resolve));
        await this.attempt(() => this.bringUrgent());
      }
      if (this.sweep.clock.elapsed() >= this.liveDueAt) await this.attempt(() => this.bringLive());
    }
  }

  /** Logs of tasks that failed, so that their cause can be told. Resolves when they are here, or could not be had. */
  async evidence(tasks: readonly number[]): Promise<void> {
    const missing = new Set(this.missing().map(({ task }) => task));
    const wanted = tasks.filter((task) => missing.has(task));
    if (wanted.length === 0) return;
    await this.attempt(() => this.transfer(wanted, { whileRunning: true }));
  }

  /** Brings everything that ended, trying again for about a minute. From then on `run` does nothing more. */
  async finish(): Promise<void> {
    this.stopped = true;
    this.alarm.wake();
    for (const delayMs of [0, ...RETRIES_MS]) {
      if (this.missing().length === 0) return;
      if (delayMs > 0) await this.pause(delayMs);
      if (this.abort.signal.aborted) return;
      await this.attempt(() => this.bringEnded());
    }
  }

  /** Brings what ended with a collector of the caller's. The report also names what was home already. */
  async bring(
    collector: ResultCollector,
    signal: AbortSignal,
    options: CollectOptions = {},
  ): Promise<CollectionReport> {
    return this.transfers.run(async () => {
      const attempts = this.missing();
      const missing = new Set(attempts.map(({ task }) => task));
      const home = [...this.sweep.ended(this.source)]
        .map(({ task }) => task)
        .filter((task) => !missing.has(task));
      if (attempts.length === 0) return { collected: home, failed: [], bytes: 0, errors: [] };
      try {
        const report = await this.bringAttempts(collector, attempts, signal, options);
        this.trouble = report.errors[0];
        return { ...report, collected: [...home, ...report.collected].sort((x, y) => x - y) };
      } catch (error) {
        if (!signal.aborted) this.trouble = errorText(error);
        throw error;
      }
    });
  }

  dispose(): void {
    this.stopped = true;
    this.abort.abort();
    this.alarm.wake();
  }

  private isOver(): boolean {
    return this.stopped;
  }

  private async bringUrgent(): Promise<void> {
    const wanted = [...this.urgent];
    this.urgent = new Set();
    try {
      // The logs first: the rest of a task's directory may be large.
      await this.transfer(wanted, { whileRunning: true });
      await this.bringEnded(new Set(wanted));
    } catch (error) {
      this.liveDueAt = Math.min(this.liveDueAt, this.sweep.clock.elapsed() + LIVE_EVERY_MS);
      throw error;
    }
  }

  private async bringLive(): Promise<void> {
    const beganAt = this.sweep.clock.elapsed();
    try {
      const running = [...this.sweep.running(this.source)];
      if (running.length > 0) await this.transfer(running, { whileRunning: true });
      await this.bringEnded();
    } finally {
      const tookMs = this.sweep.clock.elapsed() - beganAt;
      this.liveDueAt = this.sweep.clock.elapsed() + Math.max(LIVE_EVERY_MS, LIVE_PAUSE * tookMs);
    }
  }

  private async bringEnded(only?: ReadonlySet<number>): Promise<void> {
    const collector = this.sweep.collectorOf(this.source);
    const attempts = this.missing().filter(({ task }) => only?.has(task) ?? true);
    if (!collector || attempts.length === 0) return;
    const { errors } = await this.transfers.run(() =>
      this.bringAttempts(collector, attempts, this.abort.signal, {}),
    );
    this.trouble = errors[0];
  }

  private async bringAttempts(
    collector: ResultCollector,
    attempts: readonly AttemptRef[],
    signal: AbortSignal,
    options: CollectOptions,
  ): Promise<CollectionReport> {
    const names = new Map(attempts.map(({ task }) => [task, this.sweep.nameOf(task)]));
    const report = await collector.collectResults(names, signal, options);
    const collected = new Set(report.collected);
    const home = attempts.filter(({ task }) => collected.has(task));
    if (home.length > 0) {
      const at = this.sweep.clock.now();
      await this.sweep.remember(collectedRecord(at, this.source, home, report.bytes, report.leftOut));
    }
    this.sweep.arrived(report.collected);
    return report;
  }

  private async transfer(tasks: readonly number[], options: CollectOptions): Promise<void> {
    const collector = this.sweep.collectorOf(this.source);
    if (!collector) return;
    const names = new Map(tasks.map((task) => [task, this.sweep.nameOf(task)]));
    const { errors } = await this.transfers.run(() =>
      collector.collectResults(names, this.abort.signal, options),
    );
    this.trouble = errors[0];
    this.sweep.arrived(tasks);
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.abort.signal.aborted) return;
      this.trouble = errorText(error);
    }
    if (this.trouble !== undefined) this.sweep.log.warn(`${this.source}: results: ${this.trouble}`);
  }

  /** Ends early when this is disposed. */
  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.sweep.clock.after(delayMs, resolve);
      this.abort.signal.addEventListener('abort', () => {
        timer.dispose();
        resolve();
      });
    });
  }
}
