import { Alarm } from '../base/alarm';
import type { Clock } from '../base/clock';
import { errorText } from '../base/errors';
import { Emitter, type Event } from '../base/event';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import { Mutex } from '../base/mutex';
import type { AttemptRef, CollectionReport, CollectOptions, LeftOutFile } from '../compute/computeSource';
import type { EngineChange } from '../engine/sweepEngine';
import type { SweepSnapshot } from '../engine/sweepState';
import type { SweepStore } from '../engine/sweepStore';
import { fromRanges } from '../engine/taskRanges';
import { isFinal } from '../engine/taskState';
import type { SweepTransfer } from '../facade';
import { taskName } from '../sweep/taskName';
import { Homecomings, type CollectedRecord } from './collectedRecord';
import { ResultCollectionManager, type ResultCollector } from './resultCollectionManager';
import type { ArrivalPlaces } from './arrivalPlaces';
import type { CollectedSweep } from './collectedSweep';
import { SourceCollection } from './sourceCollection';

/** When what is remembered cannot be read, it is read again so often. */
const READ_AGAIN_MS = 15_000;

export interface SweepCollectionParts {
  readonly sweep: {
    readonly id: string;
    readonly state: SweepSnapshot;
    readonly onDidChange: Event<EngineChange>;
    readonly store: Pick<SweepStore, 'readCollected' | 'appendCollected' | 'setAside'>;
    /** Whether another process holds the right to drive it: what is missing is then on its way. */
    readonly isDrivenElsewhere: boolean;
  };
  /** Names of the sources whose tasks' files are not here by themselves. Others may join them while the sweep is driven. */
  readonly away: () => readonly string[];
  /** A source of the sweep once it is set up. */
  readonly collectorOf: (source: string) => ResultCollector | undefined;
  /** Of all collections of this sweep in this process. */
  readonly places: ArrivalPlaces;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * What of a sweep's results is home, and the work of bringing the rest. What came is remembered in the sweep's directory,
 * so a later process brings only what is missing.
 */
export class SweepCollection implements CollectedSweep, Disposable {
  readonly homes = new Homecomings();
  readonly clock: Clock;
  readonly log: Logger;
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new Emitter<readonly number[]>());
  /** Files of these tasks came. */
  readonly onDidArrive = this.changed.event;
  private readonly moved = this.disposables.add(new Emitter<void>());
  /** What {@link transfers} says may have changed. */
  readonly onDidProgress = this.moved.event;
  private readonly sources: SourceCollection[] = [];
  private known: Promise<void> | undefined;
  private offset = 0;
  private readonly disposal: Alarm;
  private readonly moves = new Mutex();
  /** The journal's last event when everything was found here. */
  private completeSince: number | undefined;
  /** Between the start of {@link run} and the end of {@link finish}: what is missing is being brought. */
  private isAtWork = false;
  private end: () => void = () => undefined;
  /** What {@link run} waits for; more when a source joins. */
  private readonly work: Promise<void>[] = [new Promise((resolve) => (this.end = resolve))];

  constructor(private readonly parts: SweepCollectionParts) {
    this.clock = parts.clock;
    this.log = parts.log;
    this.disposal = new Alarm(parts.clock);
    this.enlist();
  }

  /** Reads what was remembered. Cheap when repeated. */
  async load(): Promise<void> {
    if (this.sources.length === 0) return;
    this.known ??= this.read().then(() => undefined);
    try {
      await this.known;
    } catch (error) {
      // The disk may answer the next time.
      this.known = undefined;
      throw error;
    }
  }

  /** Reads what other processes brought since. @returns whether they brought anything */
  async refresh(): Promise<boolean> {
    await this.load();
    if (this.sources.length === 0) return false;
    const tasks = await this.read();
    this.arrived(tasks);
    return tasks.length > 0;
  }

  /** Whether what a task wrote is here as far as it will be. */
  isHome(task: number): boolean {
    const { tasks, sources } = this.parts.sweep.state;
    const source = sources[tasks.sourceOf(task)];
    if (source === undefined || !this.parts.away().includes(source)) return true;
    return tasks.startedAt(task) === undefined || this.homes.has({ task, attempt: tasks.attemptOf(task) });
  }

  /** What is missing is being brought. */
  get isBringing(): boolean {
    return this.isAtWork && this.sources.length > 0;
  }

  /** Whether a file of a task's directory is here as it is where the task ran. */
  hasFile(task: number, file: string): boolean {
    return this.isHome(task) && !this.leftOutOf(task).some(({ path }) => path === file);
  }

  /** Names of the sources that still have files of tasks that ended. */
  incomplete(): string[] {
    const { lastNumber } = this.parts.sweep.state;
    if (this.completeSince === lastNumber) return [];
    const names = this.sources.filter((source) => source.missing().length > 0).map(({ source }) => source);
    if (names.length === 0) this.completeSince = lastNumber;
    return names;
  }

  /** Directories of tasks that are on their way, by source; of a sweep that runs only those that take a while. */
  transfers(): readonly SweepTransfer[] {
    return this.sources.flatMap(({ source, progress }) => {
      return progress === undefined ? [] : { source, what: 'results' as const, ...progress };
    });
  }

  /** What is still elsewhere, each a sentence; only of a sweep that is over, when nothing is on its way any more. */
  notes(): string[] {
    const { id, state, isDrivenElsewhere } = this.parts.sweep;
    if (!state.isOver) return [];
    const isOnItsWay = this.isAtWork || isDrivenElsewhere;
    const missing = isOnItsWay ? [] : this.sources.flatMap((source) => missingNote(id, source));
    return [...missing, ...this.leftOutNote()];
  }

  /**
   * Brings results while the sweep is driven. Resolves when disposed or finished. Never rejects: what goes wrong is logged
   * and tried again.
   */
  async run(): Promise<void> {
    this.isAtWork = true;
    await this.loadInTime();
    this.disposables.add(
      this.parts.sweep.onDidChange((change) => {
        this.enlist();
        if (this.sources.length > 0) this.want(change);
      }),
    );
    this.work.push(...this.sources.map((source) => source.run()));
    this.enlist();
    this.want(undefined);
    for (const part of this.work) await part;
  }

  /** Sources that came to the sweep since. */
  private enlist(): void {
    if (this.disposables.isDisposed) return;
    for (const name of this.parts.away()) {
      if (this.sources.some(({ source }) => source === name)) continue;
      const source = this.disposables.add(new SourceCollection(name, this));
      this.sources.push(source);
      if (this.isAtWork) this.work.push(this.loadInTime().then(() => source.run()));
    }
  }

  /** See {@link SourceCollection.evidence}. */
  async evidence(source: string, tasks: readonly number[]): Promise<void> {
    await this.sources.find((each) => each.source === source)?.evidence(tasks);
  }

  /** Brings everything home at the end of a sweep. What could not be brought is in the notes. */
  async finish(): Promise<void> {
    try {
      await this.load();
      await Promise.all(this.sources.map((source) => source.finish()));
    } finally {
      this.isAtWork = false;
      this.end();
    }
  }

  /**
   * Brings what is missing, by collectors of the caller's.
   *
   * @returns by source; only of those that were given
   */
  async bring(
    collectors: readonly ResultCollector[],
    signal: AbortSignal,
    options?: CollectOptions,
  ): Promise<ReadonlyMap<string, CollectionReport>> {
    await this.load();
    const collections = collectors.map((collector) => {
      const own = this.sources.find(({ source }) => source === collector.name);
      const tasks = new Map([...this.ended(collector.name)].map(({ task }) => [task, this.nameOf(task)]));
      if (!own) return { collector, tasks };
      // What is home already is not asked for again.
      const careful: ResultCollector = {
        name: collector.name,
        collectResults: (_tasks, aborted, more) => own.bring(collector, aborted, more),
      };
      return { collector: careful, tasks };
    });
    return new ResultCollectionManager().collectAll(collections, signal, options);
  }

  *ended(source: string): Generator<AttemptRef> {
    const { tasks, sources } = this.parts.sweep.state;
    const index = sources.indexOf(source);
    for (let task = 1; task <= tasks.total; task++) {
      if (tasks.sourceOf(task) !== index || !isFinal(tasks.stateOf(task))) continue;
      if (tasks.startedAt(task) !== undefined) yield { task, attempt: tasks.attemptOf(task) };
    }
  }

  *earlier(source: string): Generator<AttemptRef> {
    const { state } = this.parts.sweep;
    for (const task of state.moved) {
      const before = state.elsewhere(task).find((attempt) => attempt.source === source);
      if (before) yield { task, attempt: before.attempt };
    }
  }

  /**
   * Makes the directories of these tasks free for attempts on this machine: nothing comes into them any more from the
   * sources that had the tasks before, and what these left here is moved.
   */
  async makeRoom(tasks: readonly number[]): Promise<void> {
    await this.parts.places.callOff(tasks);
    await this.setAside(tasks);
  }

  /** Calls off what is on its way here of tasks that another process gave to another source since. */
  callOffMoved(): void {
    this.parts.places.callOffUnless((source, task) => this.isAt(source, task));
  }

  /** Moves what attempts of these tasks left here that ran on other sources than the present ones. */
  private async setAside(tasks: readonly number[]): Promise<void> {
    const { state, store } = this.parts.sweep;
    await this.moves.run(async () => {
      for (const task of tasks) {
        const last = state.elsewhere(task).at(-1);
        if (last) await store.setAside(this.nameOf(task), last.attempt);
      }
    });
  }

  async withEarlierRoom<T>(
    source: string,
    tasks: readonly number[],
    work: (tasks: readonly number[]) => Promise<T>,
  ): Promise<T> {
    // Whose files still come as those of the present attempt, as which they began to.
    const mine = tasks.filter((task) => !this.parts.places.isComing(source, task));
    await this.setAside(mine);
    return work(mine);
  }

  async withRoom<T>(
    source: string,
    tasks: readonly number[],
    work: (tasks: readonly number[], calledOff: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { places } = this.parts;
    const arrival = places.enter(
      source,
      tasks.filter((task) => this.isAt(source, task)),
    );
    const mine = [...arrival.tasks];
    try {
      await this.setAside(mine);
      return await work(mine, arrival.calledOff);
    } finally {
      places.leave(arrival);
    }
  }

  *running(source: string): Generator<number> {
    const { tasks, sources } = this.parts.sweep.state;
    const index = sources.indexOf(source);
    for (const task of tasks.inState('running')) if (tasks.sourceOf(task) === index) yield task;
  }

  nameOf(task: number): string {
    return taskName(task, this.parts.sweep.state.policy.total);
  }

  collectorOf(source: string): ResultCollector | undefined {
    return this.parts.collectorOf(source);
  }

  async remember(record: CollectedRecord): Promise<void> {
    this.homes.add(record);
    try {
      await this.parts.sweep.store.appendCollected(record);
    } catch (error) {
      // It is here all the same; the next process compares it once more.
      this.log.warn(`${this.parts.sweep.id}: what came home could not be noted down: ${errorText(error)}`);
    }
  }

  arrived(tasks: readonly number[]): void {
    if (tasks.length > 0) this.changed.fire(tasks);
  }

  progressed(): void {
    this.moved.fire();
  }

  dispose(): void {
    this.isAtWork = false;
    this.end();
    this.disposables.dispose();
    this.disposal.wake();
  }

  /** Whether the task's present attempt is there, or its last one when it waits for the next. */
  private isAt(source: string, task: number): boolean {
    const { tasks, sources } = this.parts.sweep.state;
    return sources[tasks.sourceOf(task)] === source;
  }

  /** Until it can be read, or this is disposed. */
  private async loadInTime(): Promise<void> {
    for (let isFirst = true; !this.disposables.isDisposed; isFirst = false) {
      try {
        await this.load();
        return;
      } catch (error) {
        // Once, however often it is tried again.
        if (isFirst)
          this.log.warn(`${this.parts.sweep.id}: what came home could not be read: ${errorText(error)}`);
      }
      await this.disposal.wait(READ_AGAIN_MS);
    }
  }

  private leftOutOf(task: number): readonly LeftOutFile[] {
    return this.homes.leftOutOf({ task, attempt: this.parts.sweep.state.tasks.attemptOf(task) });
  }

  /** @returns the tasks of what was not known to be here */
  private async read(): Promise<number[]> {
    const { records, end } = await this.parts.sweep.store.readCollected(this.offset);
    this.offset = end;
    const attempts = records.flatMap(({ tasks }) => [...fromRanges(tasks)]);
    const fresh = attempts.filter((attempt) => !this.homes.has(attempt));
    for (const record of records) this.homes.add(record);
    return fresh.map(({ task }) => task);
  }

  private want(change: EngineChange): void {
    const { tasks, sources } = this.parts.sweep.state;
    const candidates = change ?? [...tasks.inState('failed'), ...tasks.inState('lost')];
    for (const task of candidates) {
      const state = tasks.stateOf(task);
      if ((state !== 'failed' && state !== 'lost') || this.isHome(task)) continue;
      const source = sources[tasks.sourceOf(task)];
      this.sources.find((each) => each.source === source)?.want(task);
    }
  }

  private leftOutNote(): string[] {
    // What the user chose to leave is no news.
    const files = [...this.homes.tasksWithLeftOut]
      .flatMap((task) => this.leftOutOf(task))
      .filter(({ isByChoice }) => isByChoice !== true);
    const [first] = files;
    if (!first) return [];
    const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
    const what = `${this.nameOf(first.task)}/${first.path} (${first.reason})${more}`;
    return [`Not collected, still where the tasks ran: ${what}.`];
  }
}

function missingNote(sweepId: string, source: SourceCollection): string[] {
  const count = source.missing().length;
  if (count === 0) return [];
  const why = source.problem === undefined ? '' : ` ${source.problem.message.replace(/\.?$/, '.')}`;
  return [
    `The files of ${count} ${count === 1 ? 'task are' : 'tasks are'} still on ${source.source}.${why} Collect them with: hsm collect ${sweepId}`,
  ];
}
