import { errorText, HsmError } from '../base/errors';
import { Emitter } from '../base/event';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import { Mutex } from '../base/mutex';
import { unlessAborted } from '../base/unlessAborted';
import type {
  AttemptRef,
  CollectionProgress,
  CollectionReport,
  CollectOptions,
  ComputeSource,
  Placement,
  SweepContext,
  TaskSpec,
} from '../compute/computeSource';
import { SweepCollection } from '../collection/sweepCollection';
import type { ResultCollector } from '../collection/resultCollectionManager';
import { ResultCollectionError } from '../collection/resultCollectionError';
import { SweepEngine } from '../engine/sweepEngine';
import type { SweepRequest } from '../engine/journalEvent';
import type { SweepSnapshot } from '../engine/sweepState';
import type { DriverInfo, DriverLock, StoredTask, SweepStore } from '../engine/sweepStore';
import type { SweepSummary, SweepTransfer } from '../facade';
import type { Expansion } from '../sweep/expand';
import { parameterHash } from '../sweep/parameterHash';
import { buildCommand } from '../sweep/taskCommand';
import { taskName } from '../sweep/taskName';
import { ArtefactWriter } from './artefactWriter';
import type { ProjectSettings } from './config';
import { cleanUpAfter } from './projectCleaning';
import type { ProjectPorts } from './projectPorts';
import { RemoteTasks } from './remoteTasks';
import type { SourceConfig } from './sourceConfig';
import { sourceContext } from './sourceContext';
import { SweepArtefacts } from './sweepArtefacts';
import { SweepSession } from './sweepSession';

/** How long a request waits for the process that drives the sweep. */
const REQUEST_TIMEOUT_MS = 15_000;

/** How often a waiting request looks whether that process is there still. */
const DRIVER_LOOK_MS = 250;

/** One sweep with what it takes to drive it from this process: its engine, its sources, its derived files. */
export class SweepDriver {
  readonly artefacts: SweepArtefacts;
  readonly remote: RemoteTasks;
  private readonly disposables = new DisposableStore();
  private readonly arrivals = this.disposables.add(new Emitter<readonly number[]>());
  /** Files of these tasks came from where they ran, whoever brought them. */
  readonly onDidArrive = this.arrivals.event;
  private working: Promise<void> | undefined;
  /** Taking over and letting go take turns: what was taken while it was being let go would never be let go. */
  private readonly turns = new Mutex();
  private closed = false;
  /** Copies of the code that are on their way, by source. */
  private readonly uploads = new Map<string, SweepTransfer>();
  /** Of the present drive; a new one for each. */
  private collection: SweepCollection;

  private constructor(
    readonly session: SweepSession,
    private readonly ports: ProjectPorts,
  ) {
    this.artefacts = new SweepArtefacts(session, ports, (task) => this.collection.isHome(task));
    this.remote = new RemoteTasks(session, ports, (task, file) => this.collection.hasFile(task, file));
    this.collection = this.newCollection();
    this.disposables.add(session);
    session.moreNotes = () => this.collection.notes();
    session.transfers = () => [...this.uploads.values(), ...this.collection.transfers()];
    session.isUnfinished = () => this.collection.incomplete().length > 0;
  }

  static async open(store: SweepStore, ports: ProjectPorts): Promise<SweepDriver> {
    const opened: { driver?: SweepDriver } = {};
    const session = await SweepSession.open(store, (own, lock, snapshot) =>
      createEngine(own, lock, snapshot, ports, {
        fetchEvidence: async (source, tasks) => opened.driver?.collection.evidence(source, tasks),
        makeRoom: async (tasks) => opened.driver?.collection.makeRoom(tasks),
        onCodeProgress: (source, progress) => opened.driver?.tellUpload(source, progress),
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
    if (await this.collection.refresh()) this.session.announce([]);
    await this.session.refresh();
  }

  /** Drives the sweep from here unless another process does; with `always` also when it is over. */
  async drive(always: boolean): Promise<'driving' | 'over' | DriverInfo> {
    return this.turns.run(() => this.takeOver(always));
  }

  private async takeOver(always: boolean): Promise<'driving' | 'over' | DriverInfo> {
    if (this.closed) return 'over';
    if (this.session.isDriven) return 'driving';
    const outcome = await this.session.drive(always);
    const engine = this.session.driving;
    if (outcome !== 'driving' || !engine) return outcome;
    this.collection.dispose();
    this.collection = this.newCollection();
    const { clock, log } = this.ports;
    const writer = new ArtefactWriter(this.session, this.artefacts, clock, log, this.collection);
    this.working = this.work(engine, writer, this.collection);
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
    const known = new Set<string>();
    let last = 0;
    for await (const task of session.store.allTasks()) {
      known.add(task.hash);
      last = task.number;
    }
    const fresh = [...this.freshTasks(expansion, known, last)];
    await session.store.appendTasks(fresh);
    // Also counts tasks that an interrupted extension had already written down.
    const added = last + fresh.length - session.state.tasks.total;
    if (added > 0) await session.driving?.extend(last + fresh.length);
    return added;
  }

  /**
   * Journals what happened at the sources if nobody drives. Starts nothing.
   *
   * @throws HsmError, see {@link isOutOfReach}, when one could not be asked; `disk.unwritable` when its news could not be
   *   written down
   */
  async observe(): Promise<void> {
    await this.turns.run(() => this.look());
  }

  private async look(): Promise<void> {
    const { session } = this;
    if (this.closed || session.isDriven || session.state.isOver || session.isNewer) return;
    if ((await session.drive(false)) !== 'driving') return;
    try {
      const failed = await session.driving?.observe();
      for (const error of failed?.values() ?? []) throw error;
    } finally {
      await session.release();
    }
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
      await unlessAborted(this.working ?? Promise.resolve(), signal);
      await this.untilBrought(signal);
    } finally {
      listening.dispose();
    }
    return this.session.summary();
  }

  /** While another process brings results home. When it goes, what is missing stays where it is. */
  private async untilBrought(signal: AbortSignal): Promise<void> {
    const { session, ports } = this;
    await this.refresh();
    while (session.isDrivenElsewhere && this.collection.incomplete().length > 0) {
      const pause = new Promise<void>((resolve) => ports.clock.after(DRIVER_LOOK_MS, resolve));
      await unlessAborted(pause, signal);
      await this.refresh();
    }
  }

  /**
   * Brings home what the sources have of tasks that ended and is not here yet. A source that fails keeps no other; what
   * went wrong is in its report.
   *
   * @throws the signal's reason
   */
  async collect(
    signal: AbortSignal = new AbortController().signal,
    options: CollectOptions = {},
  ): Promise<ReadonlyMap<string, CollectionReport>> {
    const collectors = this.session.manifest.sources.map(({ name }) => this.collectorFor(name));
    return this.collection.bring(collectors, signal, options);
  }

  /** Hosts that still have files of tasks of this sweep, once it is over. */
  get hostsWithRest(): readonly string[] {
    if (!this.session.state.isOver) return [];
    const incomplete = new Set(this.collection.incomplete());
    return this.session.manifest.sources
      .filter(({ name }) => incomplete.has(name))
      .flatMap(({ config }) => (config as unknown as { readonly host?: string }).host ?? []);
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
    const collectors = this.collection.incomplete().map((name) => this.collectorFor(name));
    const reports = await this.collection.bring(collectors, signal);
    session.announce(undefined);
    if ([...reports.values()].every(({ collected }) => collected.length === 0)) return;
    await this.writeArtefacts();
    if (this.hostsWithRest.length === 0) await this.cleanUp();
  }

  /** Lets go. Resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.closed = true;
    this.collection.dispose();
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
    if (this.session.state.isOver) {
      await collection.finish();
      await this.cleanUp();
    }
    collection.dispose();
    await collecting;
    writer.dispose();
    await writing;
    await this.session.release();
    // Asked to run tasks again while it was being let go.
    if (!this.closed && !this.session.state.isOver) await this.drive(false);
  }

  private async writeArtefacts(): Promise<void> {
    const { clock, log } = this.ports;
    const writer = new ArtefactWriter(this.session, this.artefacts, clock, log);
    writer.dispose();
    await writer.run();
  }

  /** Where the configuration wants what is home to be removed from where it ran. */
  private async cleanUp(): Promise<void> {
    for (const { name, config } of this.session.manifest.sources) {
      const source = config as unknown as SourceConfig;
      if (this.closed || source.type === 'local' || source.cleanup !== 'verified') continue;
      try {
        const { signal } = new AbortController();
        const reason = await cleanUpAfter(this.session, name, source, this.ports, signal);
        if (reason !== undefined) this.ports.log.info(`${name}: ${this.session.id} stays there: ${reason}`);
      } catch (error) {
        this.ports.log.warn(`${name}: ${this.session.id} stays there: ${errorText(error)}`);
      }
    }
  }

  private tellUpload(source: string, progress: CollectionProgress | undefined): void {
    if (progress) this.uploads.set(source, { source, what: 'code', ...progress });
    else this.uploads.delete(source);
    this.session.announce([]);
  }

  private newCollection(): SweepCollection {
    const { session, ports } = this;
    const collection = new SweepCollection({
      sweep: session,
      away: session.manifest.sources.filter(({ type }) => type !== 'local').map(({ name }) => name),
      collectorOf: (source) => session.driving?.readySource(source)?.source,
      clock: ports.clock,
      log: ports.log,
    });
    collection.onDidProgress(() => {
      session.announce([]);
    });
    collection.onDidArrive((tasks) => {
      this.artefacts.recheck(tasks);
      this.arrivals.fire(tasks);
    });
    return collection;
  }

  /** A source of this sweep, found where it was set up and let go again; the one that drives, where there is one. */
  private collectorFor(name: string): ResultCollector {
    const { session, ports } = this;
    return {
      name,
      collectResults: async (tasks, signal, options) => {
        const ready = session.driving?.readySource(name);
        if (ready) return ready.source.collectResults(tasks, signal, options);
        const [source] = createSources(session, ports, name);
        if (!source) throw new Error(`${session.id} has no source ${name}`);
        try {
          const context = sourceContext(session, name, ports);
          const placement = await (source.attach?.(context, signal) ?? source.setup(context, signal));
          if (placement) return await source.collectResults(tasks, signal, options);
          throw new ResultCollectionError(
            name,
            'gone',
            `Nothing of ${session.id} is on ${name} any more: it was removed there, or was never set up.`,
          );
        } finally {
          await source.cleanup();
        }
      },
    };
  }

  private *freshTasks(expansion: Expansion, known: ReadonlySet<string>, last: number): Generator<StoredTask> {
    const { manifest, sweep, store } = this.session;
    let number = last;
    for (const parameters of expansion) {
      const hash = parameterHash(parameters);
      if (known.has(hash)) continue;
      number++;
      const name = taskName(number, manifest.total);
      const taskDir = this.ports.path.join(store.dir, 'tasks', name);
      const project = manifest.project as unknown as ProjectSettings;
      const { argv } = buildCommand({ sweep, project, parameters, number, name, taskDir });
      yield { number, name, parameters, argv, hash };
    }
  }
}

/** @param only - the name of the one that is wanted; default: all */
function createSources(session: SweepSession, ports: ProjectPorts, only?: string): ComputeSource[] {
  return session.manifest.sources
    .filter(({ name }) => only === undefined || name === only)
    .map(({ name, config }) => ports.createSource(name, config as unknown as SourceConfig));
}

/** What an engine has of its driver. */
interface DriverParts {
  readonly fetchEvidence: (source: string, tasks: readonly number[]) => Promise<void>;
  /** Moves out of the way what attempts on other sources left here. */
  readonly makeRoom: (tasks: readonly number[]) => Promise<void>;
  readonly onCodeProgress: (source: string, progress: CollectionProgress | undefined) => void;
}

function createEngine(
  session: SweepSession,
  lock: DriverLock,
  snapshot: SweepSnapshot,
  ports: ProjectPorts,
  { fetchEvidence, makeRoom, onCodeProgress }: DriverParts,
): SweepEngine {
  return new SweepEngine({
    store: session.store,
    lock,
    snapshot,
    sweepId: session.id,
    contextOf: (source): SweepContext => ({
      ...sourceContext(session, source, ports),
      onCodeProgress: (progress) => {
        onCodeProgress(source, progress);
      },
    }),
    sources: createSources(session, ports),
    specs: async (tasks, source, placement) => {
      // Others bring files here; a source of this machine writes them here itself, and needs the room before.
      if (isLocal(session, source)) await makeRoom(tasks.map(({ task }) => task));
      return taskSpecs(session, tasks, source, placement);
    },
    causeOf: async (task) => (await new SweepArtefacts(session, ports).failure(task)).signature,
    fetchEvidence,
    clock: ports.clock,
    log: ports.log,
    process: ports.process,
  });
}

function isLocal({ manifest }: SweepSession, source: string): boolean {
  return manifest.sources.some(({ name, type }) => name === source && type === 'local');
}

/** What is handed to a source: the stored combination with the command as it is there. */
async function taskSpecs(
  session: SweepSession,
  tasks: readonly AttemptRef[],
  source: string,
  placement: Placement,
): Promise<TaskSpec[]> {
  const { manifest, sweep, store } = session;
  const config = manifest.sources.find(({ name }) => name === source)?.config as SourceConfig | undefined;
  const settings = manifest.project as unknown as ProjectSettings;
  const project = config?.python === undefined ? settings : { ...settings, python: config.python };
  const stored = await store.readTasks(tasks.map(({ task }) => task));
  return stored.map(({ number, name, parameters }, index): TaskSpec => {
    const taskDir = `${placement.tasksDir}/${name}`;
    const { argv, env, paramsYaml } = buildCommand({ sweep, project, parameters, number, name, taskDir });
    return { task: number, attempt: tasks[index]?.attempt ?? 1, name, argv, env, paramsYaml };
  });
}
