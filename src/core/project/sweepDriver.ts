import { errorText, HsmError, isOutOfReach } from '../base/errors';
import type { Event } from '../base/event';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import { Mutex } from '../base/mutex';
import { unlessAborted } from '../base/unlessAborted';
import type { SweepCollection } from '../collection/sweepCollection';
import type { CollectionReport, CollectOptions } from '../compute/computeSource';
import type { SweepRequest } from '../engine/journalEvent';
import type { SweepEngine } from '../engine/sweepEngine';
import type { DriverInfo, SweepStore } from '../engine/sweepStore';
import type { SweepSummary } from '../facade';
import type { Expansion } from '../sweep/expand';
import { ArtefactWriter } from './artefactWriter';
import { createEngine } from './driverEngine';
import { appendFreshTasks } from './freshTasks';
import type { ProjectPorts } from './projectPorts';
import { RemoteTasks } from './remoteTasks';
import { SweepArtefacts } from './sweepArtefacts';
import { SweepHome } from './sweepHome';
import { SweepSession } from './sweepSession';

/** How long a request waits for the process that drives the sweep. */
const REQUEST_TIMEOUT_MS = 15_000;

/** How often a waiting request looks whether that process is there still. */
const DRIVER_LOOK_MS = 250;

/** How often it is looked whether tasks went on elsewhere whose files are being brought. */
const MOVES_LOOK_MS = 500;

/** One sweep with what it takes to drive it from this process: its engine, its sources, its derived files. */
export class SweepDriver {
  readonly artefacts: SweepArtefacts;
  readonly remote: RemoteTasks;
  private readonly disposables = new DisposableStore();
  /** Files of these tasks came from where they ran, whoever brought them. */
  readonly onDidArrive: Event<readonly number[]>;
  private working: Promise<void> | undefined;
  /** Taking over and letting go take turns: what was taken while it was being let go would never be let go. */
  private readonly turns = new Mutex();
  private closed = false;
  private readonly home: SweepHome;

  private constructor(
    readonly session: SweepSession,
    private readonly ports: ProjectPorts,
  ) {
    this.artefacts = new SweepArtefacts(session, ports, (task) => this.home.collection.isHome(task));
    this.remote = new RemoteTasks(session, ports, (task, file) => this.home.collection.hasFile(task, file));
    this.home = new SweepHome(session, ports);
    this.onDidArrive = this.home.onDidArrive;
    // Before anybody else is told, who may ask for them.
    this.disposables.add(
      this.onDidArrive((tasks) => {
        this.artefacts.recheck(tasks);
      }),
    );
    this.disposables.add(session);
    session.moreNotes = () => this.home.collection.notes();
    session.transfers = () => this.home.transfers();
    session.isUnfinished = () => this.home.collection.incomplete().length > 0;
  }

  static async open(store: SweepStore, ports: ProjectPorts): Promise<SweepDriver> {
    const opened: { driver?: SweepDriver } = {};
    const session = await SweepSession.open(store, (own, lock, snapshot) =>
      createEngine(own, lock, snapshot, ports, {
        fetchEvidence: async (source, tasks) => opened.driver?.home.collection.evidence(source, tasks),
        makeRoom: async (tasks) => opened.driver?.home.collection.makeRoom(tasks),
        onCodeProgress: (source, progress) => opened.driver?.home.tellUpload(source, progress),
      }),
    );
    const driver = new SweepDriver(session, ports);
    opened.driver = driver;
    await driver.refresh();
    return driver;
  }

  /** Reads what other processes did. Of a sweep that is driven here there is nothing to read. */
  async refresh(): Promise<void> {
    if (this.session.isDriven) return;
    // First what is here: whether somebody may still bring the rest depends on it.
    if (await this.home.collection.refresh()) this.session.announce([]);
    await this.session.refresh();
  }

  /** Drives the sweep from here unless another process does; with `always` also when it is over. */
  async drive(always: boolean): Promise<'driving' | 'over' | DriverInfo> {
    return this.turns.run(() => this.takeOver(always));
  }

  private isClosed(): boolean {
    return this.closed;
  }

  private async takeOver(always: boolean): Promise<'driving' | 'over' | DriverInfo> {
    if (this.closed) return 'over';
    if (this.session.isDriven) return 'driving';
    const outcome = await this.session.drive(always);
    const engine = this.session.driving;
    if (outcome !== 'driving' || !engine) return outcome;
    if (this.isClosed()) {
      await this.session.release();
      return 'over';
    }
    const collection = this.home.renew();
    const { clock, log } = this.ports;
    const writer = new ArtefactWriter(this.session, this.artefacts, clock, log, collection);
    this.working = this.work(engine, writer, collection).catch((error: unknown) => {
      // Nobody may be listening; whoever waits for the end looks for himself.
      this.ports.log.error(`${this.session.id}: ${errorText(error)}`);
    });
    return 'driving';
  }

  /** Writes a request down: with the process that drives, or by driving from here on. */
  async ask(request: SweepRequest): Promise<void> {
    const { id, store } = this.session;
    const patience = new AbortController();
    const timer = this.ports.clock.after(REQUEST_TIMEOUT_MS, () => {
      patience.abort();
    });
    try {
      while (!(await this.passOn(request, patience.signal))) {
        if ((await this.drive(true)) === 'over')
          throw new Error(`${id} was closed before it could be asked.`);
      }
    } catch (error) {
      if (!patience.signal.aborted) throw error;
      throw new HsmError(
        'sweep.driven',
        `The process that drives ${id} did not answer within ${REQUEST_TIMEOUT_MS / 1000} s; nothing was changed.`,
        (await store.currentDriver()) ?? { pid: 0, host: '' },
      );
    } finally {
      timer.dispose();
    }
  }

  /** Adds the combinations of the sweep file that the sweep does not have yet. @returns how many */
  async extend(expansion: Expansion): Promise<number> {
    const { session } = this;
    const outcome = await this.drive(true);
    if (typeof outcome === 'object') {
      throw new HsmError(
        'sweep.driven',
        `${session.id} is driven by process ${outcome.pid} on ${outcome.host}. Extend it there, or end that process first.`,
        outcome,
      );
    }
    const { added, total } = await appendFreshTasks(session, expansion, this.ports);
    if (added > 0) await session.driving?.extend(total);
    return added;
  }

  /**
   * Journals what happened at the sources if nobody drives. Starts nothing.
   *
   * @param sources - default: all
   * @returns why a source could not be asked, see {@link isOutOfReach}; the news of the others are written down
   * @throws HsmError `disk.unwritable` when news could not be written down
   */
  async observe(sources?: readonly string[]): Promise<ReadonlyMap<string, HsmError>> {
    return this.turns.run(() => this.look(sources));
  }

  private async look(sources?: readonly string[]): Promise<ReadonlyMap<string, HsmError>> {
    const { session } = this;
    const unseen = new Map<string, HsmError>();
    if (this.closed || session.isDriven || session.state.isOver || session.isNewer) return unseen;
    if ((await session.drive(false)) !== 'driving') return unseen;
    try {
      for (const [source, error] of (await session.driving?.observe(sources)) ?? []) {
        if (!isOutOfReach(error)) throw error;
        unseen.set(source, error);
      }
    } finally {
      await session.release();
    }
    return unseen;
  }

  /**
   * Resolves when every task ended and what comes after that is done, whoever does it: summaries and tables are written,
   * results are here as far as they could be had.
   *
   * @throws the signal's reason, at once
   */
  async whenOver(signal: AbortSignal): Promise<SweepSummary> {
    const listening = new DisposableStore();
    const isOver = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.session.state.isOver) resolve();
      };
      listening.add(this.session.onDidChange(look));
      look();
    });
    try {
      await unlessAborted(isOver, signal);
      await this.untilLetGo(signal);
      await this.untilBrought(signal);
    } finally {
      listening.dispose();
    }
    return this.session.summary();
  }

  /** One drive may be followed by another. */
  private async untilLetGo(signal: AbortSignal): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== this.working;) {
      seen = this.working;
      await unlessAborted(seen ?? Promise.resolve(), signal);
    }
  }

  /** While another process brings results home. When it goes, what is missing stays where it is. */
  private async untilBrought(signal: AbortSignal): Promise<void> {
    const { session, ports } = this;
    await this.refresh();
    while (session.isDrivenElsewhere && this.home.collection.incomplete().length > 0) {
      const pause = new Promise<void>((resolve) => ports.clock.after(DRIVER_LOOK_MS, resolve));
      await unlessAborted(pause, signal);
      await this.refresh();
    }
  }

  /** See {@link SweepHome.collect}. */
  async collect(
    signal: AbortSignal = new AbortController().signal,
    options: CollectOptions = {},
  ): Promise<ReadonlyMap<string, CollectionReport>> {
    return this.heedingMoves((beforeAppearing) => this.home.collect(signal, { ...options, beforeAppearing }));
  }

  /** Hosts that still have files of tasks of this sweep, once it is over. */
  get hostsWithRest(): readonly string[] {
    return this.home.hostsWithRest;
  }

  /**
   * Brings home what an interrupted end left elsewhere, unless somebody drives the sweep, and does what follows from it.
   * What could not be brought is in the notes.
   *
   * @throws the signal's reason
   */
  async bringRest(signal: AbortSignal): Promise<void> {
    const { session } = this;
    if (this.closed || session.isDriven) return;
    await this.refresh();
    if (this.hostsWithRest.length === 0 || (await session.store.currentDriver())) return;
    const came = await this.heedingMoves((beforeAppearing) =>
      this.home.bringRest(signal, { beforeAppearing }),
    );
    if (!came) return;
    await this.writeArtefacts();
    if (this.hostsWithRest.length === 0) await this.home.cleanUp();
  }

  /**
   * Meanwhile another process may give a task to this machine whose files are on their way from a host: they are not to
   * come among those of the attempt that runs here.
   */
  private async heedingMoves<T>(bring: (look: () => Promise<void>) => Promise<T>): Promise<T> {
    const { clock, log } = this.ports;
    const turns = new Mutex();
    const look = (): Promise<void> =>
      turns.run(async () => {
        try {
          await this.refresh();
          if (!this.session.isDriven) this.home.collection.callOffMoved();
        } catch (error) {
          log.warn(`${this.session.id}: it is not known where its tasks are by now: ${errorText(error)}`);
        }
      });
    const follow = async (): Promise<void> => {
      await look();
      if (!watch.isOver) watch.timer = clock.after(MOVES_LOOK_MS, () => void follow());
    };
    const watch = { isOver: false, timer: clock.after(MOVES_LOOK_MS, () => void follow()) };
    try {
      return await bring(look);
    } finally {
      watch.isOver = true;
      watch.timer.dispose();
    }
  }

  /** Lets go. Resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.closed = true;
    this.home.dispose();
    await this.remote.close();
    await this.session.release();
    // What was being taken over meanwhile.
    await this.turns.run(() => this.session.release());
    await this.working;
    this.disposables.dispose();
  }

  /** @returns false when nobody drives, or the one who drove went before he took the request */
  private async passOn(request: SweepRequest, signal: AbortSignal): Promise<boolean> {
    const gone = new AbortController();
    const watch = this.watchDriver(() => {
      gone.abort();
    });
    try {
      return await this.session.pass(request, AbortSignal.any([signal, gone.signal]));
    } catch (error) {
      if (gone.signal.aborted && !signal.aborted) return false;
      throw error;
    } finally {
      watch.dispose();
    }
  }

  /** Calls back once when nobody drives any more. */
  private watchDriver(onGone: () => void): Disposable {
    const watch = new DisposableStore();
    const look = async (): Promise<void> => {
      if (watch.isDisposed) return;
      if (await this.session.store.currentDriver()) next();
      else onGone();
    };
    const next = (): void => {
      watch.add(this.ports.clock.after(DRIVER_LOOK_MS, () => void look().catch(next)));
    };
    next();
    return watch;
  }

  private async work(
    engine: SweepEngine,
    writer: ArtefactWriter,
    collection: SweepCollection,
  ): Promise<void> {
    const writing = writer.run();
    const collecting = collection.run();
    let batches: number | undefined;
    try {
      batches = await this.runToEnd(engine, collection);
    } finally {
      // Whatever went wrong: who holds the lock and does nothing keeps everybody else from driving.
      collection.dispose();
      await collecting;
      writer.dispose();
      await writing;
      await this.session.release();
    }
    // Asked to run tasks again while it was being let go: they are still to run, or ran and nobody saw to their files.
    const { isOver, batches: inAll } = this.session.state;
    if (!this.closed && (!isOver || inAll !== batches)) await this.drive(true);
  }

  /** @returns how many batches had been handed over when it was over; undefined: it is not */
  private async runToEnd(engine: SweepEngine, collection: SweepCollection): Promise<number | undefined> {
    try {
      const failed = await engine.setupSources();
      for (const [source, error] of failed) this.ports.log.warn(`${source}: ${errorText(error)}`);
    } catch (error) {
      // The workers try again for as long as the sweep is driven; the note says what is wrong.
      this.ports.log.error(errorText(error));
    }
    const { state, counts } = await engine.runSweep();
    const words = Object.entries(counts).filter(([, count]) => count > 0);
    this.ports.log.info(
      `${this.session.id}: ${state}, ${words.map(([word, count]) => `${count} ${word}`).join(', ')}`,
    );
    const { isOver, batches } = this.session.state;
    if (!isOver) return undefined;
    await collection.finish();
    await this.home.cleanUp();
    return batches;
  }

  private async writeArtefacts(): Promise<void> {
    const { clock, log } = this.ports;
    const writer = new ArtefactWriter(this.session, this.artefacts, clock, log);
    writer.dispose();
    await writer.run();
  }
}
