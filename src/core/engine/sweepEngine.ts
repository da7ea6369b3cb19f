import type { Clock } from '../base/clock';
import { errorText, HsmError } from '../base/errors';
import { Emitter, type Event } from '../base/event';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import { Mutex } from '../base/mutex';
import { unlessAborted } from '../base/unlessAborted';
import type {
  AttemptRecord,
  AttemptRef,
  ComputeSource,
  Placement,
  SweepContext,
  TaskSpec,
} from '../compute/computeSource';
import { decide, type SourceSituation } from './decide';
import { toRanges } from './taskRanges';
import type { JournalEvent, SourceStanding, SweepRequest } from './journalEvent';
import { SourceJudge } from './sourceJudge';
import { strandedTasks } from './strandedTasks';
import { SourceWorker, submittingEvent, type PlannedEffect, type WorkerEngine } from './sourceWorker';
import type { SweepSnapshot } from './sweepState';
import type { DriverLock, SweepStore } from './sweepStore';
import type { SweepState, TaskCounts } from './taskState';

/** What a {@link SweepEngine} is made of. */
export interface SweepEngineParts {
  readonly store: SweepStore;
  /** Held by the caller's process; released by the engine's `dispose`. */
  readonly lock: DriverLock;
  /** The state as the journal tells it; the engine goes on from there. */
  readonly snapshot: SweepSnapshot;
  readonly sweepId: string;
  /** What a source is told of the sweep. */
  readonly contextOf: (source: string) => SweepContext;
  readonly sources: readonly ComputeSource[];
  /**
   * Makes a source that came to the sweep while it is driven; undefined: there is none of that name.
   *
   * @throws HsmError `source.unavailable` when this process cannot
   */
  readonly joinSource?: (name: string) => ComputeSource | undefined;
  /** Makes what is handed to a source of stored tasks. */
  readonly specs: (tasks: readonly AttemptRef[], source: string, placement: Placement) => Promise<TaskSpec[]>;
  /** What a failed task failed of, equal for equal causes; undefined when nothing can be told. */
  readonly causeOf: (task: number) => Promise<string | undefined>;
  /** Brings what tells the cause of these tasks' failure from their source. Absent: it is here. */
  readonly fetchEvidence?: (source: string, tasks: readonly number[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
  /** For the journal: who drives. */
  readonly process: { readonly pid: number; readonly host: string };
}

/** How a sweep went. */
export interface SweepResult {
  readonly state: SweepState;
  readonly total: number;
  readonly counts: TaskCounts;
}

/** What changed: the tasks whose summary is to be shown again (undefined: too many to name; empty: the sweep alone). */
export type EngineChange = readonly number[] | undefined;

/** How often requests of other processes are looked for where the system does not tell of them. */
const REQUEST_POLL_MS = 1_000;

/**
 * Drives one sweep over its compute sources: hands tasks over, follows them, retries, pauses, cancels.
 *
 * The decisions are pure functions ({@link decide}, {@link SweepSnapshot}); this class carries them out, and writes
 * every event into the journal before it acts on it. It can be disposed, or its process killed, at any moment: tasks
 * that were handed over go on, and another engine continues from the journal.
 */
export class SweepEngine implements Disposable, WorkerEngine {
  readonly snapshot: SweepSnapshot;
  readonly clock: Clock;
  readonly log: Logger;

  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new Emitter<EngineChange>());
  readonly onDidChange: Event<EngineChange> = this.changed.event;

  private readonly journal = new Mutex();
  private readonly planning = new Mutex();
  private readonly requests = new Mutex();
  private readonly court = new SourceJudge();
  /** What is to be weighed next, by source; there is an entry while that goes on. */
  private readonly suspicions = new Map<string, AttemptRecord[]>();
  private readonly workers: SourceWorker[] = [];
  private readonly sources: ComputeSource[] = [];
  /** Why sources that joined cannot be used from this process, by source. */
  private readonly absent = new Map<string, string>();
  private isRunning = false;
  private readonly running: Promise<void>[] = [];
  private readonly over: Promise<void>;
  private finish: () => void = () => undefined;
  private requestTimer: Disposable | undefined;
  private stopped: Promise<void> | undefined;

  constructor(private readonly parts: SweepEngineParts) {
    this.snapshot = parts.snapshot;
    this.clock = parts.clock;
    this.log = parts.log;
    for (const source of parts.sources) this.employ(source);
    this.over = new Promise((resolve) => (this.finish = resolve));
    this.disposables.add({
      dispose: () => {
        this.finish();
      },
    });
    this.disposables.add({ dispose: () => this.requestTimer?.dispose() });
    this.disposables.add(parts.store.onDidChange(() => void this.takeRequests()));
  }

  /** A source of this sweep once it is set up. */
  readySource(name: string): { source: ComputeSource; placement: Placement } | undefined {
    return this.workers.find((worker) => worker.name === name)?.ready;
  }

  /** Conditions to show, each a sentence. */
  get notes(): readonly string[] {
    const slots = new Map(this.sources.map(({ name, maxSlots }) => [name, maxSlots]));
    const told = this.workers.flatMap(({ note, slotWait }) => [note, slotWait]);
    return [
      ...strandedTasks(this.snapshot, { slots, absent: this.absent }),
      ...told.filter((text) => text !== undefined),
    ];
  }

  /** Some slots are used by other sweeps; which is among the notes. */
  get waitsForSlots(): boolean {
    return this.workers.some(({ slotWait }) => slotWait !== undefined);
  }

  /** Nothing starts anywhere until the user has changed something; what is among the notes. */
  get isBlocked(): boolean {
    return this.workers.length > 0 && this.workers.every(({ isBlocked }) => isBlocked);
  }

  async weigh(source: string, records: readonly AttemptRecord[]): Promise<void> {
    const others = this.workers.filter(({ name }) => name !== source).map((worker) => worker.situation());
    const unweighed: AttemptRecord[] = [];
    for (const record of records) {
      // A task that can go nowhere else tells nothing against its source: taken out, that would only do its work later.
      const isMovable = others.some((other) => this.mayTake(other, record.task));
      if (!isMovable && !isSuccess(record)) continue;
      if (!(await this.endTrial(source, record)) && isMovable) unweighed.push(record);
    }
    if (unweighed.length === 0) return;
    const waiting = this.suspicions.get(source);
    this.suspicions.set(source, [...(waiting ?? []), ...unweighed]);
    if (!waiting) void this.weighSuspicions(source);
  }

  async judge(source: string, standing: SourceStanding, reason: string): Promise<void> {
    this.log.warn(`${source}: ${standing} (${reason})`);
    this.court.forget(source);
    await this.commit([{ kind: 'standing', at: this.clock.now(), source, standing, reason }], false);
    this.wake();
  }

  /**
   * Prepares all sources at once, so that what cannot work is told before the first task is handed over.
   *
   * @returns what is wrong, by source; a source that failed is tried again while the sweep runs
   * @throws HsmError `source.unavailable` when not one of them can run tasks
   */
  async setupSources(): Promise<ReadonlyMap<string, unknown>> {
    const failed = await this.eachWorker((worker) => worker.setup());
    if (failed.size === this.workers.length) {
      const reasons = [...failed].map(([name, reason]) => `${name}: ${errorText(reason)}`).join('; ');
      throw new HsmError(
        'source.unavailable',
        `No compute source of this sweep can be used now. ${reasons}`,
        {
          source: [...failed.keys()].join(', '),
        },
      );
    }
    return failed;
  }

  /**
   * Drives the sweep until every task is in a final state.
   *
   * @returns how it went; also when the engine was disposed before, with the counts so far
   */
  async runSweep(): Promise<SweepResult> {
    const { pid, host } = this.parts.process;
    try {
      await this.commit([{ kind: 'driver', at: this.clock.now(), pid, host }], false);
    } catch (error) {
      // For the record only: a full disk must not keep the sweep from being followed.
      this.log.warn(errorText(error));
    }
    this.isRunning = true;
    for (const worker of this.workers) this.running.push(worker.run());
    this.watchRequests();
    await this.over;
    const { tasks, state } = this.snapshot;
    return { state, total: tasks.total, counts: tasks.counts() };
  }

  /**
   * Journals what happened at the sources and starts nothing. A source that cannot be seen changes no state.
   *
   * @param sources - default: all
   * @returns what is wrong, by source
   */
  async observe(sources?: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    return this.eachWorker(async (worker) => {
      if (sources?.includes(worker.name) !== false) await worker.observe();
    });
  }

  /** Writes a user's request down and acts on it. Resolves when it is written down. */
  async ask(request: SweepRequest): Promise<void> {
    this.log.info(`${this.parts.sweepId}: ${request.verb}`);
    await this.commit([{ kind: 'asked', at: this.clock.now(), request }], true);
    this.employJoined();
    this.wake();
  }

  /**
   * Settles when every source has taken what is decided now, or cannot be asked.
   *
   * @throws HsmError `source.unavailable` when one cannot be reached; it is asked again while the engine runs
   */
  async settle(signal: AbortSignal): Promise<void> {
    const all = Promise.allSettled(this.workers.map((worker) => worker.settled()));
    for (const outcome of await unlessAborted(all, signal))
      if (outcome.status === 'rejected') throw outcome.reason;
  }

  /** Tells the engine that tasks were added to the store. */
  async extend(total: number): Promise<void> {
    await this.commit([{ kind: 'extended', at: this.clock.now(), total }], true);
    this.wake();
  }

  /** Lets go of the sweep. Nothing on the far side is cancelled. Resolves when nothing is written any more. */
  async stop(): Promise<void> {
    this.disposables.dispose();
    this.stopped ??= this.release();
    return this.stopped;
  }

  /** As {@link stop}, without waiting for it. */
  dispose(): void {
    void this.stop();
  }

  /** The lock goes last: while a worker may still write, nobody else may drive. */
  private async release(): Promise<void> {
    await Promise.allSettled(this.running);
    await Promise.allSettled(this.sources.map((source) => source.cleanup()));
    await this.requests.run(() => this.journal.run(() => Promise.resolve()));
    this.parts.lock.dispose();
  }

  async commit(events: readonly JournalEvent[], durable: boolean): Promise<void> {
    await this.journal.run(async () => {
      const numbered = events.map((event, index) => ({
        n: this.snapshot.lastNumber + index + 1,
        ...event,
      }));
      await this.parts.store.append(numbered, durable);
      const changes = numbered.map((event) => this.snapshot.apply(event));
      this.changed.fire(changes.includes(undefined) ? undefined : changes.flatMap((tasks) => tasks ?? []));
    });
    if (this.snapshot.isOver) this.finish();
  }

  async plan(source: string): Promise<readonly PlannedEffect[]> {
    // One plan at a time: between a decision and its journal entry nobody else may decide on the same tasks.
    return this.planning.run(async () => {
      await this.fence();
      const situations = this.workers.map((worker) => worker.situation());
      const mine = decide(this.snapshot, situations, source);
      const planned: PlannedEffect[] = [];
      for (const effect of mine) {
        if (effect.kind !== 'submit') planned.push(effect);
        else {
          const token = String(this.snapshot.batches + 1).padStart(6, '0');
          const { tasks } = effect;
          await this.commit([submittingEvent(source, token, tasks, this.clock.now())], true);
          planned.push({ kind: 'submit', source, token, tasks });
        }
      }
      return planned;
    });
  }

  async repair(): Promise<void> {
    if (!this.snapshot.needsRepair) return;
    await this.planning.run(async () => {
      if (!this.snapshot.needsRepair) return;
      const { damage } = this.snapshot;
      this.log.warn(`${this.parts.sweepId}: lines of the journal are gone; the sources are asked again`);
      await this.commit([{ kind: 'repaired', at: this.clock.now(), damage }], true);
    });
  }

  /** What waits, or was cancelled while it did, may be at a source already: those attempts are to start nowhere. */
  private async fence(): Promise<void> {
    if (!this.snapshot.needsFence) return;
    const { tasks } = this.snapshot;
    const doubtful = [...tasks.inState('waiting'), ...tasks.inState('cancelled')].sort((a, b) => a - b);
    const attempts = doubtful.map((task) => ({
      task,
      attempt: this.snapshot.hiddenAttempt(task),
    }));
    await this.commit([{ kind: 'fencing', at: this.clock.now(), tasks: toRanges(attempts) }], true);
  }

  async specs(tasks: readonly AttemptRef[], source: string, placement: Placement): Promise<TaskSpec[]> {
    return this.parts.specs(tasks, source, placement);
  }

  noted(): void {
    this.changed.fire([]);
  }

  private mayTake({ name, slots }: SourceSituation, task: number): boolean {
    const { resources } = this.snapshot;
    const isAllowed = this.snapshot.sourcesFor(resources.bindingOf(task)).includes(name);
    return isAllowed && this.snapshot.slotsOf(name, slots) > 0;
  }

  /** A task on trial needs no cause. @returns whether this was the end of one */
  private async endTrial(source: string, record: AttemptRecord): Promise<boolean> {
    if (this.snapshot.standingOf(source) !== 'trial') return false;
    if (isSuccess(record)) await this.judge(source, 'in', 'Its trial task succeeded.');
    else if (isFailure(record)) await this.judge(source, 'out', 'Its trial task failed too.');
    else return false;
    return true;
  }

  /** Beside the worker's own loop: what tells the cause of a failure may take its time to come. */
  private async weighSuspicions(source: string): Promise<void> {
    try {
      for (;;) {
        const records = this.suspicions.get(source) ?? [];
        this.suspicions.set(source, []);
        if (records.length === 0 || this.disposables.isDisposed) return;
        await this.weighAll(source, records);
      }
    } catch (error) {
      this.log.warn(`${source} could not be judged: ${errorText(error)}`);
    } finally {
      this.suspicions.delete(source);
    }
  }

  private async weighAll(source: string, records: readonly AttemptRecord[]): Promise<void> {
    const failed = records.filter((record) => record.kind === 'ended' && isFailure(record));
    if (failed.length > 0)
      await this.parts.fetchEvidence?.(
        source,
        failed.map(({ task }) => task),
      );
    for (const record of records) await this.weighOne(source, record);
    const others = this.workers
      .filter((worker) => worker.name !== source && worker.situation().healthy)
      .map(({ name }) => name)
      .filter((name) => this.snapshot.standingOf(name) === 'in');
    const reason = this.court.verdict(source, others);
    // Nothing is written any more once the engine lets go.
    if (reason === undefined || this.disposables.isDisposed) return;
    if (this.snapshot.standingOf(source) === 'in') await this.judge(source, 'out', reason);
  }

  private async weighOne(source: string, record: AttemptRecord): Promise<void> {
    if (isSuccess(record)) this.court.succeeded(source);
    if (!isFailure(record)) return;
    // A task that vanished tells nothing of itself: the machine it was on is the suspect.
    const cause = record.kind === 'lost' ? `lost on ${source}` : await this.causeOf(record.task);
    this.court.failed(source, cause ?? `exit code on ${source}`);
  }

  private async causeOf(task: number): Promise<string | undefined> {
    try {
      return await this.parts.causeOf(task);
    } catch (error) {
      this.log.warn(`The cause of task ${task} could not be read: ${errorText(error)}`);
      return undefined;
    }
  }

  private employ(source: ComputeSource): void {
    this.sources.push(source);
    const worker = new SourceWorker(source, this.parts.contextOf(source.name), this);
    this.workers.push(this.disposables.add(worker));
    if (this.isRunning) this.running.push(worker.run());
  }

  private employJoined(): void {
    if (this.disposables.isDisposed) return;
    for (const { name } of this.snapshot.joined) {
      if (this.workers.some((worker) => worker.name === name)) continue;
      try {
        const source = this.parts.joinSource?.(name);
        if (!source) continue;
        this.employ(source);
        this.absent.delete(name);
      } catch (error) {
        // Its tasks wait for a process that can; the notes say so.
        this.absent.set(name, errorText(error));
        this.log.error(`${this.parts.sweepId}: ${errorText(error)}`);
        this.noted();
      }
    }
  }

  private async eachWorker(work: (worker: SourceWorker) => Promise<void>): Promise<Map<string, unknown>> {
    const failed = new Map<string, unknown>();
    await Promise.all(
      this.workers.map(async (worker) => {
        try {
          await work(worker);
        } catch (error) {
          failed.set(worker.name, error);
        }
      }),
    );
    return failed;
  }

  private wake(): void {
    for (const worker of this.workers) worker.wake();
  }

  private watchRequests(): void {
    if (this.disposables.isDisposed) return;
    this.requestTimer = this.clock.after(REQUEST_POLL_MS, () => {
      void this.takeRequests().finally(() => {
        this.watchRequests();
      });
    });
  }

  private async takeRequests(): Promise<void> {
    await this.requests.run(async () => {
      if (this.disposables.isDisposed) return;
      try {
        for (const pending of await this.parts.store.takeRequests()) {
          await this.ask(pending.request);
          await pending.acknowledge();
        }
      } catch (error) {
        this.log.warn(`Requests of other processes could not be read: ${errorText(error)}`);
      }
    });
  }
}

function isSuccess(record: AttemptRecord): boolean {
  return record.kind === 'ended' && record.endedBy === undefined && record.exitCode === 0;
}

/** By itself, not because it was ended. */
function isFailure(record: AttemptRecord): boolean {
  if (record.kind === 'lost') return true;
  return record.kind === 'ended' && record.endedBy === undefined && record.exitCode !== 0;
}
