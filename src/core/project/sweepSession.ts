import { HsmError } from '../base/errors';
import { Emitter } from '../base/event';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import { Mutex } from '../base/mutex';
import type { SweepEngine } from '../engine/sweepEngine';
import { type EngineChange } from '../engine/sweepEngine';
import type { SweepRequest } from '../engine/journalEvent';
import { SweepSnapshot, type SweepPolicy } from '../engine/sweepState';
import type { SweepSource } from '../engine/sweepSource';
import type { DriverInfo, DriverLock, SweepManifest, SweepStore } from '../engine/sweepStore';
import type { TaskQuery, TaskSummary, SweepSummary, SweepTransfer } from '../facade';
import { parseSweep } from '../sweep/parseSweep';
import type { Sweep } from '../sweep/sweep';
import { ParameterTexts } from './parameterTexts';
import { summarizeTask } from './taskPresentation';

const GAP =
  'Lines are missing from the journal of this sweep (a crash or a full disk). What the sources know is asked for again; look whether a pause or cancel of yours still holds.';

/** Makes an engine for a sweep whose lock is held. */
export type EngineFactory = (session: SweepSession, lock: DriverLock, snapshot: SweepSnapshot) => SweepEngine;

/**
 * One sweep as this process knows it: followed through its journal, or driven when this process holds its lock.
 * Either way the state is the journal's.
 */
export class SweepSession implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new Emitter<EngineChange>());
  readonly onDidChange = this.changed.event;
  private snapshot: SweepSnapshot;
  private offset = 0;
  private torn = false;
  private engine: SweepEngine | undefined;
  private engineListener: Disposable | undefined;
  /** What was wrong when this process last let go. */
  private lastNotes: readonly string[] = [];
  /** What others have to say of the sweep, each a sentence. */
  moreNotes: () => readonly string[] = () => [];
  /** What is being copied for the sweep from here. */
  transfers: () => readonly SweepTransfer[] = () => [];
  /** Whether files of it are still to come: somebody may drive it although its tasks are over. */
  isUnfinished: () => boolean = () => false;
  private driver: DriverInfo | undefined;
  private readonly reads = new Mutex();
  private readonly parameterTexts: ParameterTexts;

  private constructor(
    readonly store: SweepStore,
    readonly manifest: SweepManifest,
    readonly sweep: Sweep,
    private readonly createEngine: EngineFactory,
  ) {
    this.snapshot = new SweepSnapshot(this.policy);
    this.parameterTexts = new ParameterTexts(sweep, manifest.total);
    this.disposables.add(store);
  }

  /** Reads a sweep. @throws Error when its files cannot be read */
  static async open(store: SweepStore, createEngine: EngineFactory): Promise<SweepSession> {
    const manifest = await store.readManifest();
    if ((manifest.format as number) !== 1) {
      throw new Error(`${store.dir} was written by a newer version of HPC Sweep Manager; update this one.`);
    }
    const { value } = parseSweep(await store.readSweepText());
    if (!value) throw new Error(`${store.dir}: sweep.yaml cannot be read.`);
    const session = new SweepSession(store, manifest, value, createEngine);
    await session.refresh();
    return session;
  }

  get id(): string {
    return this.manifest.id;
  }

  get state(): SweepSnapshot {
    return this.snapshot;
  }

  /** Of the launch, and those that came with a rerun, in the order in which tasks name them. */
  get sources(): readonly SweepSource[] {
    return [...this.manifest.sources, ...this.snapshot.joined];
  }

  get isDriven(): boolean {
    return this.engine !== undefined;
  }

  /** Whether another process holds the right to drive it, as far as was looked last. */
  get isDrivenElsewhere(): boolean {
    return !this.engine && this.driver !== undefined;
  }

  /** Its journal holds what only a newer version understands: it can be looked at, not driven. */
  get isNewer(): boolean {
    return this.snapshot.newerKinds.size > 0;
  }

  /** Reads what other processes journaled. Of a sweep that is driven here there is nothing to read. */
  async refresh(): Promise<void> {
    await this.reads.run(() => this.read());
  }

  /**
   * Drives the sweep from this process, if nobody else does and something is left to do (or `always`).
   *
   * @returns whether it is driven here now, or who drives it
   * @throws HsmError `input.invalid` when a newer version is needed for it
   */
  async drive(always: boolean): Promise<'driving' | 'over' | DriverInfo> {
    if (this.engine) return 'driving';
    if (this.snapshot.isOver && !always) return 'over';
    const lock = await this.store.acquireDriver();
    if ('pid' in lock) {
      this.driver = lock;
      return lock;
    }
    try {
      // Nobody else writes from here on: what is read now is the whole past.
      await this.reads.run(async () => {
        await this.read();
        this.driver = undefined;
        this.requireKnown();
        this.engine = this.createEngine(this, lock, this.snapshot);
        if (this.torn) this.snapshot.damage++;
      });
    } catch (error) {
      lock.dispose();
      throw error;
    }
    this.engineListener = this.driving?.onDidChange((tasks) => {
      this.changed.fire(tasks);
    });
    return 'driving';
  }

  /** Something that is told of the sweep, or of these tasks, changed beside its journal. */
  announce(tasks: EngineChange): void {
    this.changed.fire(tasks);
  }

  /** The engine while this process drives. */
  get driving(): SweepEngine | undefined {
    return this.engine;
  }

  /** Lets go of the lock; the sweep is followed again. */
  async release(): Promise<void> {
    const { engine } = this;
    if (!engine) return;
    this.lastNotes = this.snapshot.isOver ? [] : engine.notes;
    await engine.stop();
    this.engineListener?.dispose();
    // A fresh replay: the offset of what the engine wrote itself is not known here.
    this.engine = undefined;
    this.snapshot = new SweepSnapshot(this.policy);
    this.offset = 0;
    await this.refresh();
    this.changed.fire(undefined);
  }

  /** Passes a request to whoever drives. Undefined when nobody does: the caller has to drive first. */
  async pass(request: SweepRequest, signal: AbortSignal): Promise<boolean> {
    if (this.engine) {
      await this.engine.ask(request);
      return true;
    }
    if (!(await this.store.currentDriver())) return false;
    await this.store.request(request, signal);
    await this.refresh();
    return true;
  }

  summary(): SweepSummary {
    const { snapshot, manifest } = this;
    const remainingMs = snapshot.isOver ? undefined : this.remainingMs();
    const endedAtMs = snapshot.endedAt;
    const notes = this.notes();
    const transfers = this.transfers();
    const { timeoutSec } = this.sweep.run;
    return {
      id: manifest.id,
      dir: this.store.dir,
      file: manifest.file,
      state: snapshot.state,
      total: snapshot.tasks.total,
      counts: snapshot.tasks.counts(),
      sources: snapshot.sources,
      createdAtMs: Date.parse(manifest.createdAt),
      driver: this.engine ? 'here' : this.driver ? 'elsewhere' : 'nobody',
      notes,
      ...(this.engine?.waitsForSlots === true ? { waitsForSlots: true } : {}),
      ...(this.engine?.isBlocked === true ? { isBlocked: true } : {}),
      ...(manifest.description === undefined ? {} : { description: manifest.description }),
      ...(timeoutSec === undefined ? {} : { timeLimitSec: timeoutSec }),
      ...(endedAtMs === undefined ? {} : { endedAtMs }),
      ...(remainingMs === undefined ? {} : { remainingMs }),
      ...(snapshot.lastNewsAt === undefined ? {} : { lastNewsAtMs: snapshot.lastNewsAt }),
      ...(transfers.length > 0 && { transfers }),
    };
  }

  tasks(query: TaskQuery = {}): TaskSummary[] {
    const { tasks } = this.snapshot;
    const { states, offset = 0, limit = Infinity, withParameters = false } = query;
    const found: TaskSummary[] = [];
    let skip = offset;
    for (let task = 1; task <= tasks.total && found.length < limit; task++) {
      if (states && !states.includes(tasks.stateOf(task))) continue;
      if (skip-- > 0) continue;
      const summary = summarizeTask(this.snapshot, task);
      const parameterText = withParameters ? this.parameterTexts.of(task) : undefined;
      found.push(parameterText ? { ...summary, parameterText } : summary);
    }
    return found;
  }

  dispose(): void {
    this.engine?.dispose();
    this.disposables.dispose();
  }

  private get policy(): SweepPolicy {
    const { retries, lost, stopAfterFailures } = this.sweep.run;
    return {
      total: this.manifest.total,
      sources: this.manifest.sources.map(({ name }) => name),
      retries,
      lost,
      ...(stopAfterFailures === undefined ? {} : { stopAfterFailures }),
    };
  }

  private async read(): Promise<void> {
    if (this.engine) return;
    const before = this.driver;
    const { events, end, skipped, torn, restarted } = await this.store.readJournal(this.offset);
    if (restarted) this.snapshot = new SweepSnapshot(this.policy);
    this.snapshot.damage += skipped;
    this.torn = torn;
    this.offset = end;
    const changes = events.map((event) => this.snapshot.apply(event));
    const mayBeDriven = !this.snapshot.isOver || this.isUnfinished();
    this.driver = mayBeDriven ? await this.store.currentDriver() : undefined;
    if (events.length > 0 || before?.pid !== this.driver?.pid) {
      this.changed.fire(changes.includes(undefined) ? undefined : changes.flatMap((tasks) => tasks ?? []));
    }
  }

  /** To act on half of the truth could undo what the newer version did. */
  private requireKnown(): void {
    if (this.isNewer) throw new HsmError('input.invalid', `${this.newerText()} Nothing was changed.`, {});
  }

  private newerText(): string {
    const kinds = [...this.snapshot.newerKinds].join(', ');
    return `${this.id} was driven by a newer version of HPC Sweep Manager (its journal holds: ${kinds}). Update this one to drive it.`;
  }

  private notes(): string[] {
    const { stopReason, distrusted, isOver, hasGap } = this.snapshot;
    const sources = [...distrusted].map(([name, { standing, reason }]) =>
      standing === 'out' ? `${name} gets no more tasks for now: ${reason}` : `${name} is on trial: ${reason}`,
    );
    return [
      ...(stopReason === undefined ? [] : [stopReason]),
      ...(this.isNewer ? [this.newerText()] : []),
      ...(hasGap && !isOver ? [GAP] : []),
      ...(isOver ? [] : sources),
      ...(this.engine?.notes ?? this.lastNotes),
      ...this.moreNotes(),
    ];
  }

  /** Tasks left, at the rate of those that ended. Undefined before the first. */
  private remainingMs(): number | undefined {
    const { tasks } = this.snapshot;
    const counts = tasks.counts();
    const left = counts.waiting + counts.queued + counts.running;
    let perMs = 0;
    for (const { name, config } of this.sources) {
      const mean = this.snapshot.meanMs(name);
      const slots = this.snapshot.slotsOf(name, slotsOf(config));
      if (mean !== undefined) perMs += slots / Math.max(mean, 1);
    }
    return perMs > 0 ? left / perMs : undefined;
  }
}

function slotsOf(config: unknown): number {
  const slots = typeof config === 'object' && config !== null && 'slots' in config ? config.slots : undefined;
  return typeof slots === 'number' ? slots : 1;
}
