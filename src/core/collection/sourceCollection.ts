import { Alarm } from '../base/alarm';
import type { Disposable } from '../base/lifecycle';
import { Mutex } from '../base/mutex';
import type {
  AttemptRef,
  CollectionProgress,
  CollectionReport,
  CollectOptions,
  LeftOutFile,
} from '../compute/computeSource';
import type { CollectedSweep } from './collectedSweep';
import { DirectoryTransfer } from './directoryTransfer';
import { LogCollection } from './logCollection';
import { ResultCollectionError } from './resultCollectionError';
import type { ResultCollector } from './resultCollectionManager';
import { RetryTimes } from './retryTimes';

/** What ended comes so often. */
const EVERY_MS = 15_000;
/** Failures come in bursts: one transfer for many. */
const SETTLE_MS = 150;
const RETRIES_MS: readonly number[] = [2_000, 10_000, 30_000];

/** While the sweep runs, the directories of so many tasks come at once: about as many as take these times. */
const [FIRST_SLICE, LARGEST_SLICE] = [64, 4096];
const SHORT_SLICE_MS = 3_000;
const LONG_SLICE_MS = 10_000;

/**
 * Brings home what the tasks of one sweep leave on one source: a failed task's files at once, logs and metrics of running
 * tasks now and then, and everything at the end.
 *
 * Logs wait for no directory, and the directories of failed tasks for no others: those may take hours. So there are up to
 * four transfers at a time, fewer than the usual server allows.
 */
export class SourceCollection implements Disposable {
  private readonly abort = new AbortController();
  private readonly logs: LogCollection;
  private readonly failures: Alarm;
  private readonly ended: Alarm;
  /** Directories of tasks that failed. */
  private readonly urgentTurns = new Mutex();
  /** Directories of all others. */
  private readonly turns = new Mutex();
  private readonly retries = new RetryTimes();
  private readonly directories: DirectoryTransfer;
  private urgent = new Set<number>();
  /** Whose directories are on their way by themselves. */
  private coming: ReadonlySet<number> = new Set();
  private sliceSize = FIRST_SLICE;
  private stopped = false;
  private trouble: ResultCollectionError | undefined;

  constructor(
    readonly source: string,
    private readonly sweep: CollectedSweep,
  ) {
    const { clock } = sweep;
    this.logs = new LogCollection(source, sweep);
    this.failures = new Alarm(clock);
    this.ended = new Alarm(clock);
    this.directories = new DirectoryTransfer(source, sweep);
  }

  /** Attempts that ended and whose files are not here; those whose tasks went on elsewhere come last. */
  missing(): AttemptRef[] {
    const { homes } = this.sweep;
    return [
      ...[...this.sweep.ended(this.source)].filter((attempt) => !homes.has(attempt)),
      ...[...this.sweep.earlier(this.source)].filter((attempt) => !homes.hasExactly(attempt)),
    ];
  }

  /** What went wrong last; undefined when all went well. */
  get problem(): ResultCollectionError | undefined {
    return this.trouble ?? this.logs.problem;
  }

  /** How far the transfers of directories are; while the sweep runs only those that take a while. */
  get progress(): CollectionProgress | undefined {
    return this.directories.progress(this.stopped);
  }

  /** A task failed here: its files are wanted at once. */
  want(task: number): void {
    this.urgent.add(task);
    this.failures.wake();
  }

  /** Works until {@link finish} or disposed. Never rejects: what goes wrong is logged and tried again. */
  async run(): Promise<void> {
    const running = this.logs.run(() => this.stopped);
    await Promise.all([running, this.followFailures(), this.followEnded()]);
  }

  /** Logs of tasks that failed, so that their cause can be told. Resolves when they are here, or could not be had. */
  async evidence(tasks: readonly number[]): Promise<void> {
    const missing = new Set(this.missing().map(({ task }) => task));
    await this.logs.look(tasks.filter((task) => missing.has(task)));
  }

  /** Brings everything that ended, trying again for about a minute. From then on `run` does nothing more. */
  async finish(): Promise<void> {
    this.stop();
    for (const delayMs of [0, ...RETRIES_MS]) {
      if (this.missing().length === 0) return;
      if (delayMs > 0 && this.trouble?.mayPass === false) return;
      if (delayMs > 0) await this.pause(delayMs);
      if (this.abort.signal.aborted) return;
      await this.attempt(() => this.exclusively(() => this.bringAll(), this.abort.signal));
    }
  }

  /** Brings what ended with a collector of the caller's. The report also names what was home already. */
  async bring(
    collector: ResultCollector,
    signal: AbortSignal,
    options: CollectOptions = {},
  ): Promise<CollectionReport> {
    return this.exclusively(async () => {
      const attempts = this.missing();
      const missing = new Set(attempts.map(({ task }) => task));
      const ended = [...this.sweep.ended(this.source)].filter(({ task }) => !missing.has(task));
      const home = ended.map(({ task }) => task);
      const left = ended.flatMap((attempt) => this.sweep.homes.leftOutOf(attempt));
      if (attempts.length === 0)
        return withLeftOut({ collected: home, failed: [], bytes: 0, errors: [] }, left);
      try {
        const report = await this.directories.bring(collector, attempts, signal, options);
        this.trouble = report.failure;
        const collected = [...home, ...report.collected].sort((x, y) => x - y);
        return withLeftOut({ ...report, collected }, left);
      } catch (error) {
        if (!signal.aborted) this.trouble = ResultCollectionError.from(this.source, error);
        throw error;
      }
    }, signal);
  }

  dispose(): void {
    this.stop();
    this.abort.abort();
    this.logs.dispose();
  }

  private stop(): void {
    this.stopped = true;
    for (const waiting of [this.failures, this.ended, this.logs]) waiting.wake();
  }

  private isOver(): boolean {
    return this.stopped;
  }

  /** Directories of tasks that fail go on coming while it waits for the others. */
  private exclusively<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.turns.run(() => this.urgentTurns.run(work, signal), signal);
  }

  private async followFailures(): Promise<void> {
    while (!this.isOver()) {
      await this.failures.wait(EVERY_MS);
      if (this.isOver() || this.urgent.size === 0) continue;
      await new Promise<void>((resolve) => this.sweep.clock.after(SETTLE_MS, resolve));
      const wanted = this.urgent;
      this.urgent = new Set();
      // The logs first: the rest of a task's directory may be large. What does not come now comes with the others.
      if (!(await this.logs.look([...wanted]))) continue;
      this.coming = wanted;
      await this.attempt(() => this.bringSlices(this.urgentTurns, ({ task }) => wanted.has(task)));
      this.coming = new Set();
    }
  }

  private async followEnded(): Promise<void> {
    while (!this.isOver()) {
      await this.ended.wait(EVERY_MS);
      if (this.isOver()) return;
      const now = this.sweep.clock.elapsed();
      const isDue = (attempt: AttemptRef): boolean =>
        !this.coming.has(attempt.task) && this.retries.isDue(attempt, now);
      await this.attempt(() => this.bringSlices(this.turns, isDue));
    }
  }

  /** One slice after the other, so that what came is noted, and the end of the sweep waits for one at most. */
  private async bringSlices(turns: Mutex, isWanted: (attempt: AttemptRef) => boolean): Promise<void> {
    const wanted = this.missing().filter(isWanted);
    if (wanted.length === 0) this.forgetTrouble();
    while (wanted.length > 0 && !this.isOver()) {
      const slice = wanted.splice(0, this.sliceSize);
      const beganAt = this.sweep.clock.elapsed();
      await turns.run(() =>
        this.bringEnded(slice.filter((attempt) => !this.sweep.homes.hasExactly(attempt))),
      );
      const tookMs = this.sweep.clock.elapsed() - beganAt;
      if (tookMs < SHORT_SLICE_MS) this.sliceSize = Math.min(this.sliceSize * 2, LARGEST_SLICE);
      else if (tookMs > LONG_SLICE_MS) this.sliceSize = Math.ceil(this.sliceSize / 2);
      // The rest would fare no better.
      if (this.trouble?.concernsAll === true) return;
    }
  }

  private async bringAll(): Promise<void> {
    const attempts = this.missing();
    if (attempts.length === 0) this.forgetTrouble();
    await this.bringEnded(attempts);
  }

  private async bringEnded(attempts: readonly AttemptRef[]): Promise<void> {
    const collector = this.sweep.collectorOf(this.source);
    if (!collector || attempts.length === 0) return;
    const { failure, failed } = await this.directories.bring(collector, attempts, this.abort.signal, {});
    this.trouble = failure;
    // When the host is away, it is the host that is waited for.
    if (failure?.fault === 'unreachable' || failure?.fault === 'refused') return;
    const now = this.sweep.clock.elapsed();
    const late = new Set(failed);
    for (const attempt of attempts) if (late.has(attempt.task)) this.retries.failed(attempt, now);
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    const before = this.trouble;
    try {
      await work();
    } catch (error) {
      if (this.abort.signal.aborted) return;
      this.trouble = ResultCollectionError.from(this.source, error);
    }
    // Once, however often it is tried again.
    if (this.trouble && this.trouble.message !== before?.message)
      this.sweep.log.warn(`${this.source}: results: ${this.trouble.message}`);
  }

  private forgetTrouble(): void {
    if (this.missing().length === 0) this.trouble = undefined;
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

/** Adds files that earlier collections left. */
function withLeftOut(report: CollectionReport, earlier: readonly LeftOutFile[]): CollectionReport {
  if (earlier.length === 0) return report;
  const { leftOut = [], leftOutTotal = { files: 0, bytes: 0 } } = report;
  const bytes = earlier.reduce((total, file) => total + (file.bytes ?? 0), leftOutTotal.bytes);
  return {
    ...report,
    leftOut: [...leftOut, ...earlier],
    leftOutTotal: { files: leftOutTotal.files + earlier.length, bytes },
  };
}
