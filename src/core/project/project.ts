import { errorText, HsmError } from '../base/errors';
import { Emitter } from '../base/event';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { FailureGroup, TaskFailure } from '../analysis/failure';
import type { CollectionReport, CollectOptions } from '../compute/computeSource';
import type { FileRange } from '../compute/host';
import type { HostConnections } from '../compute/hostConnections';
import type { SweepRequest } from '../engine/journalEvent';
import type { ResourceChange } from '../engine/resourceChange';
import type { DriverInfo } from '../engine/sweepStore';
import type {
  Change,
  CleanPlan,
  CodeAtLaunch,
  LogPiece,
  Preflight,
  RerunChoice,
  RerunOptions,
  SourceSummary,
  StartOptions,
  SweepFacade,
  SweepPreview,
  SweepSummary,
  TaskDetails,
  TaskLaunch,
  TaskPlace,
  TaskQuery,
  TaskSummary,
} from '../facade';
import type { ResultSource } from '../results/resultSource';
import type { ResultTable } from '../results/resultTable';
import { isSweepFile } from '../sweep/isSweepFile';
import type { Problem } from '../sweep/problem';
import { ProjectSync } from '../sync/projectSync';
import type { JsonValue } from '../sweep/value';
import { addSource } from './addSource';
import type { ProjectConfig } from './config';
import { countTasks } from './launch';
import { ProjectCheckouts } from './projectCheckouts';
import { ProjectCleaning } from './projectCleaning';
import type { ProjectPorts } from './projectPorts';
import { ProjectReader } from './projectReader';
import { SourceChecks } from './sourceChecks';
import { SweepLauncher } from './sweepLauncher';
import { SweepRegistry, type ProjectMode } from './sweepRegistry';

/**
 * The engine of one project: its sweeps, wherever they are driven, and its sources. What the editor and the command
 * line use.
 */
export class Project implements SweepFacade, Disposable {
  readonly projectDir: string;
  readonly hosts: HostConnections;
  readonly sync: ProjectSync;
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new Emitter<Change>());
  readonly onDidChange = this.changed.event;
  private readonly registry: SweepRegistry;
  private readonly sourceChecks: SourceChecks;
  private readonly cleaning: ProjectCleaning;
  private readonly reader: ProjectReader;
  private readonly launcher: SweepLauncher;

  private constructor(
    private readonly ports: ProjectPorts,
    mode: ProjectMode,
  ) {
    this.projectDir = ports.projectDir;
    this.hosts = ports.hosts;
    this.sourceChecks = new SourceChecks(ports);
    this.reader = new ProjectReader(ports, (config) => this.openOutput(config));
    this.registry = new SweepRegistry(ports, mode);
    this.cleaning = new ProjectCleaning(ports, (id) => this.registry.find(id)?.session);
    this.sync = this.disposables.add(
      new ProjectSync(
        new ProjectCheckouts(
          ports,
          () => this.reader.config,
          () => this.sources(),
          (sources) => this.observeSources(sources),
        ),
      ),
    );
    this.launcher = new SweepLauncher({
      ports,
      reader: this.reader,
      registry: this.registry,
      sourceChecks: this.sourceChecks,
      sync: this.sync,
      outputDir: () => this.outputDirOf(this.reader.config),
      testSource: async (source) => (await this.testSource(source)).health,
    });
    this.disposables.add(
      this.registry.onDidChangeList(() => {
        this.changed.fire({ sweepList: true, sources: true });
      }),
    );
    this.disposables.add(
      this.registry.onDidChangeSweeps((sweeps) => {
        this.changed.fire({ sweeps, sources: true });
      }),
    );
  }

  /** Opens a project and finds its sweeps. In the mode `drive`, sweeps that nobody drives go on from here. */
  static async open(ports: ProjectPorts, mode: ProjectMode): Promise<Project> {
    const project = new Project(ports, mode);
    await project.reader.readConfig();
    project.registry.follow();
    return project;
  }

  // ---- sweeps: what is known -----------------------------------------------------------------------------------

  sweeps(): readonly SweepSummary[] {
    return this.registry
      .all()
      .map(({ session }) => session.summary())
      .sort((a, b) => b.createdAtMs - a.createdAtMs || b.id.localeCompare(a.id));
  }

  sweep(id: string): SweepSummary | undefined {
    return this.registry.find(id)?.session.summary();
  }

  tasks(sweepId: string, query?: TaskQuery): readonly TaskSummary[] {
    return this.registry.find(sweepId)?.session.tasks(query) ?? [];
  }

  async task(sweepId: string, task: number): Promise<TaskDetails> {
    const { artefacts, remote } = this.registry.get(sweepId, [task]);
    return { ...(await artefacts.details(task)), areLogsHere: remote.areLogsHere(task) };
  }

  async taskLaunch(sweepId: string, task: number): Promise<TaskLaunch> {
    return this.registry.get(sweepId, [task]).artefacts.launch(task);
  }

  async failure(sweepId: string, task: number): Promise<TaskFailure> {
    return this.registry.get(sweepId, [task]).artefacts.failure(task);
  }

  async failureGroups(sweepId: string): Promise<readonly FailureGroup[]> {
    return this.registry.get(sweepId).artefacts.groups();
  }

  async codeAtLaunch(sweepId: string, file: string, task?: number): Promise<CodeAtLaunch | undefined> {
    return this.registry.get(sweepId, task === undefined ? [] : [task]).artefacts.code.read(file, task);
  }

  async results(sweepId: string): Promise<ResultTable> {
    return this.resultsOf(sweepId).table();
  }

  resultsOf(sweepId: string): ResultSource {
    return this.registry.get(sweepId).artefacts.results;
  }

  /** Reads again what other processes did: new sweeps, and journals that grew. */
  async refresh(): Promise<void> {
    await this.registry.refresh();
  }

  // ---- sweep files: read, nothing started ----------------------------------------------------------------------

  async preview(file: string, text: string, limit: number): Promise<SweepPreview> {
    return this.reader.preview(file, text, limit);
  }

  /** See {@link ProjectReader.expandFile}. */
  expandFile(file: string): ReturnType<ProjectReader['expandFile']> {
    return this.reader.expandFile(file);
  }

  async check(file: string, text: string): Promise<readonly Problem[]> {
    return this.reader.check(file, text);
  }

  isSweepFile(file: string, text: string): boolean {
    return isSweepFile(file, text);
  }

  // ---- sweeps: verbs -------------------------------------------------------------------------------------------

  async start(file: string, options: StartOptions = {}, signal = never()): Promise<SweepSummary> {
    const driver = await this.launcher.launch(file, options, signal);
    await driver.drive(false);
    return driver.session.summary();
  }

  async preflight(file: string, options: StartOptions, signal: AbortSignal): Promise<Preflight> {
    return this.launcher.look(file, options, signal);
  }

  async pause(sweepId: string): Promise<void> {
    await this.ask(sweepId, { verb: 'pause' });
  }

  async resume(sweepId: string): Promise<void> {
    await this.ask(sweepId, { verb: 'resume' });
  }

  async stop(sweepId: string): Promise<void> {
    await this.ask(sweepId, { verb: 'stop' });
  }

  async cancel(sweepId: string, tasks?: readonly number[]): Promise<void> {
    this.registry.get(sweepId, tasks);
    await this.ask(sweepId, tasks ? { verb: 'cancel', tasks } : { verb: 'cancel' });
  }

  async rerun(
    sweepId: string,
    choice: RerunChoice,
    change: ResourceChange = {},
    options: RerunOptions = {},
    signal = never(),
  ): Promise<void> {
    const { session } = this.registry.get(sweepId);
    const tasks =
      choice.kind === 'tasks'
        ? choice.tasks
        : session.tasks(unsuccessful(choice)).map(({ number }) => number);
    this.registry.get(sweepId, tasks);
    if (tasks.length === 0) {
      throw new HsmError('input.invalid', `${sweepId} has no task to run again.`, {
        hint: 'Name tasks to run them again whatever their state.',
      });
    }
    const joining = await this.launcher.joining(session, change, options, signal);
    await this.ask(sweepId, {
      ...{ verb: 'rerun', tasks },
      ...(Object.keys(change).length > 0 ? { change } : {}),
      ...(joining.length > 0 ? { joining } : {}),
    });
  }

  async extend(sweepId: string): Promise<number> {
    const driver = this.registry.get(sweepId);
    const { maxTasks } = await this.reader.readSoundConfig();
    const { manifest } = driver.session;
    const file = this.ports.path.isAbsolute(manifest.file)
      ? manifest.file
      : this.ports.path.join(this.projectDir, manifest.file);
    const { expansion } = await this.reader.readSoundSweep(file);
    countTasks(expansion.count, {}, maxTasks);
    return driver.extend(expansion);
  }

  async setSlots(sweepId: string, source: string, slots: number): Promise<void> {
    const { sources } = this.registry.get(sweepId).session;
    if (!sources.some(({ name }) => name === source)) {
      throw new HsmError('input.invalid', `${sweepId} does not use a compute source "${source}".`, {
        hint: `It uses: ${sources.map(({ name }) => name).join(', ')}.`,
      });
    }
    if (!Number.isInteger(slots) || slots < 0) {
      throw new HsmError(
        'input.invalid',
        `${slots} is not a number of slots: a whole number from 0 is wanted.`,
        {},
      );
    }
    await this.ask(sweepId, { verb: 'slots', source, slots });
  }

  async collect(
    sweepId: string,
    signal?: AbortSignal,
    options?: CollectOptions,
  ): Promise<ReadonlyMap<string, CollectionReport>> {
    return this.registry.get(sweepId).collect(signal, options);
  }

  async readTaskLog(
    sweepId: string,
    task: number,
    log: 'stdout' | 'stderr',
    range: FileRange,
    signal: AbortSignal,
  ): Promise<LogPiece> {
    return this.registry.get(sweepId, [task]).remote.readLog(task, log, range, signal);
  }

  async taskPlace(sweepId: string, task: number): Promise<TaskPlace | undefined> {
    return this.registry.get(sweepId, [task]).remote.placeOf(task);
  }

  // ---- sweeps: driving -----------------------------------------------------------------------------------------

  /** Drives a sweep from this process unless it is over or another process does. */
  async drive(sweepId: string): Promise<'driving' | 'over' | DriverInfo> {
    return this.registry.get(sweepId).drive(false);
  }

  /** From now on sweeps that nobody drives are driven from here. */
  driveFromNowOn(): void {
    this.registry.driveFromNowOn();
  }

  /**
   * Resolves when the sources of a sweep that is driven here have taken what was asked of them; at once when it is
   * driven elsewhere.
   *
   * @throws HsmError, see {@link isOutOfReach}, when one cannot be asked; it is asked again while the sweep is driven
   */
  async settle(sweepId: string, signal: AbortSignal): Promise<void> {
    await this.registry.get(sweepId).session.driving?.settle(signal);
  }

  /**
   * One look at the sources of a sweep that nobody drives: journals what happened there, starts nothing.
   *
   * @returns why a source could not be asked, as {@link settle} throws it
   * @throws HsmError `disk.unwritable`
   */
  async observe(sweepId: string): Promise<ReadonlyMap<string, HsmError>> {
    return this.registry.get(sweepId).observe();
  }

  /** What runs on these sources of sweeps that nobody drives. One that cannot be asked is left as it was last known. */
  private async observeSources(sources: readonly string[]): Promise<void> {
    const drivers = this.registry
      .all()
      .filter(({ session }) => session.sources.some(({ name }) => sources.includes(name)));
    const looks = await Promise.allSettled(drivers.map((driver) => driver.observe(sources)));
    for (const look of looks)
      if (look.status === 'rejected')
        this.ports.log.warn(`What runs now is not known: ${errorText(look.reason)}`);
  }

  /** Resolves when the sweep is over, whoever drives it. Rejects with the signal's reason when that aborts first. */
  async whenOver(sweepId: string, signal: AbortSignal): Promise<SweepSummary> {
    return this.registry.get(sweepId).whenOver(signal);
  }

  // ---- sources -------------------------------------------------------------------------------------------------

  sources(): readonly SourceSummary[] {
    const running = this.registry.all().map(({ session }) => session);
    return this.sourceChecks.summaries(this.reader.config, running);
  }

  async testSource(name: string): Promise<SourceSummary> {
    const config = await this.reader.readConfig();
    await this.sourceChecks.test(name, config);
    this.changed.fire({ sources: true });
    const found = this.sources().find((source) => source.name === name);
    if (found) return found;
    throw new HsmError('input.invalid', `There is no compute source "${name}".`, {
      hint: `Configured: ${Object.keys(config.sources).join(', ')}.`,
    });
  }

  async addSource(name: string, fields: Readonly<Record<string, JsonValue>>): Promise<void> {
    await addSource(this.ports, name, fields);
    await this.reader.readConfig();
    this.changed.fire({ sources: true });
  }

  async cleanable(name: string): Promise<CleanPlan> {
    return this.cleaning.plan(name, await this.reader.readConfig());
  }

  async clean(name: string, plan: CleanPlan): Promise<CleanPlan> {
    return this.cleaning.carryOut(name, await this.reader.readConfig(), plan);
  }

  // ---- lifetime ------------------------------------------------------------------------------------------------

  /** Lets go of everything; tasks go on. Resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.disposables.dispose();
    await this.registry.close();
    this.ports.hosts.dispose();
  }

  /** As {@link close}, without waiting for it. */
  dispose(): void {
    void this.close();
  }

  // ---- inside --------------------------------------------------------------------------------------------------

  /** Sweeps are looked for where the configuration says. */
  private async openOutput(config: ProjectConfig): Promise<void> {
    const path = this.outputDirOf(config);
    if (this.registry.path === path) return;
    this.registry.open(path);
    await this.registry.refresh();
  }

  private outputDirOf({ project: { output } }: ProjectConfig): string {
    const { isAbsolute, join } = this.ports.path;
    return isAbsolute(output) ? output : join(this.projectDir, output);
  }

  private async ask(sweepId: string, request: SweepRequest): Promise<void> {
    await this.registry.get(sweepId).ask(request);
  }
}

function never(): AbortSignal {
  return new AbortController().signal;
}

function unsuccessful(choice: Exclude<RerunChoice, { kind: 'tasks' }>): TaskQuery {
  return { states: choice.kind === 'failed' ? ['failed', 'lost'] : ['failed', 'lost', 'cancelled'] };
}
