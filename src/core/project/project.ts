import { errorText, HsmError, type FileProblem } from '../base/errors';
import { Emitter } from '../base/event';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { FailureGroup, TaskFailure } from '../analysis/failure';
import type { CollectionReport, CollectOptions } from '../compute/computeSource';
import type { FileRange } from '../compute/host';
import type { HostConnections } from '../compute/hostConnections';
import type { SweepRequest } from '../engine/journalEvent';
import type { ResourceChange } from '../engine/resourceChange';
import type { SweepSource } from '../engine/sweepSource';
import type { DriverInfo, SweepDirectory } from '../engine/sweepStore';
import type {
  Change,
  CleanPlan,
  CodeAtLaunch,
  LogPiece,
  Preflight,
  PreviewTask,
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
import type { Expansion } from '../sweep/expand';
import type { Problem } from '../sweep/problem';
import { ProjectSync } from '../sync/projectSync';
import type { JsonValue } from '../sweep/value';
import type { Sweep } from '../sweep/sweep';
import { addSource } from './addSource';
import { codeTrouble } from './codeTrouble';
import { mergeConfigs, parseConfig, type ProjectConfig } from './config';
import { CONFIG_FILE, ConfigReader } from './configReader';
import { chooseSources, countTasks, manifestSource, newSweep, readSweep, requireSound } from './launch';
import { SOURCES_DIR } from './launchedCode';
import { preflight } from './preflight';
import { settingsForScript } from './hydraScript';
import { previewTasks } from './preview';
import { ProjectCheckouts, requireInSync } from './projectCheckouts';
import { ProjectCleaning } from './projectCleaning';
import type { ProjectPorts } from './projectPorts';
import { checkChange, requireOwnPlaces } from './rerunChange';
import { SourceChecks } from './sourceChecks';
import type { SourceConfig } from './sourceConfig';
import { codeExcludeOf } from './sourceContext';
import { SweepDriver } from './sweepDriver';
import type { SweepSession } from './sweepSession';
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
  private readonly configReader: ConfigReader;
  private config: ProjectConfig = mergeConfigs();

  private constructor(
    private readonly ports: ProjectPorts,
    mode: ProjectMode,
  ) {
    this.projectDir = ports.projectDir;
    this.hosts = ports.hosts;
    this.sourceChecks = new SourceChecks(ports);
    this.configReader = new ConfigReader(ports);
    this.registry = new SweepRegistry(ports, mode);
    this.cleaning = new ProjectCleaning(ports, (id) => this.registry.find(id)?.session);
    this.sync = this.disposables.add(
      new ProjectSync(
        new ProjectCheckouts(
          ports,
          () => this.config,
          () => this.sources(),
          (sources) => this.observeSources(sources),
        ),
      ),
    );
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
    await project.readConfig();
    await project.refresh();
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
    await this.readConfig();
    const read = readSweep(file, text, this.config.project);
    const { sweep, expansion, problems } = read;
    if (!sweep || !expansion) return { problems, tasks: [] };
    const tasks: PreviewTask[] = [];
    for (const task of await this.previewOf(sweep, expansion)) {
      if (tasks.length >= limit) break;
      tasks.push(task);
    }
    return { problems, count: expansion.count, tasks };
  }

  /** A sweep file with all its tasks, made one by one as they are asked for. @throws HsmError `input.invalid` without the file */
  async expandFile(file: string): Promise<{
    problems: readonly FileProblem[];
    count?: number;
    tasks(): Iterable<PreviewTask>;
  }> {
    await this.readConfig();
    const { sweep, expansion, problems } = readSweep(
      file,
      await this.readUserFile(file),
      this.config.project,
    );
    if (!sweep || !expansion) return { problems, tasks: () => [] };
    const tasks = await this.previewOf(sweep, expansion);
    return { problems, count: expansion.count, tasks: () => tasks };
  }

  async check(file: string, text: string): Promise<readonly Problem[]> {
    if (this.configReader.reads(file)) return parseConfig(text).problems;
    await this.readConfig();
    return readSweep(file, text, this.config.project).problems;
  }

  isSweepFile(file: string, text: string): boolean {
    return isSweepFile(file, text);
  }

  // ---- sweeps: verbs -------------------------------------------------------------------------------------------

  async start(file: string, options: StartOptions = {}, signal = never()): Promise<SweepSummary> {
    const config = await this.adoptConfig(await this.configReader.readSound());
    const { project, maxTasks } = config;
    const text = await this.readUserFile(file);
    const { sweep, expansion } = requireSound(readSweep(file, text, project));
    const total = countTasks(expansion.count, options, maxTasks);
    const chosen = chooseSources(sweep, config, options);
    await this.requireScript(file, sweep.script ?? project.script, sweep.run.command === undefined);
    const sources = await this.sourceChecks.requireUsable(chosen, signal);
    await requireInSync(this.sync, chosen, config.sync, options, signal);
    const { code: provenance, patch } = await this.ports.readProvenance();
    const codeExclude = config.sync.exclude;
    const code = { ...provenance, ...(await this.sealCode(chosen, config, signal)) };
    const settings = await settingsForScript(project, sweep, this.ports);
    const launch = {
      file,
      text,
      sweep,
      expansion,
      project: settings,
      total,
      sources,
      code,
      patch,
      codeExclude,
    };
    signal.throwIfAborted();
    const store = await this.openDirectory().create(newSweep(launch, this.ports));
    const runsHere = [...chosen.values()].some(({ type }) => type === 'local');
    if (runsHere && code.commit === undefined)
      await this.ports.copySources(this.ports.path.join(store.dir, SOURCES_DIR), this.outputDir);
    const driver = this.registry.add(await SweepDriver.open(store, this.ports));
    this.ports.log.info(
      `${driver.session.id}: ${total} tasks of ${file} on ${[...chosen.keys()].join(', ')}`,
    );
    await driver.drive(false);
    return driver.session.summary();
  }

  async preflight(file: string, options: StartOptions, signal: AbortSignal): Promise<Preflight> {
    const config = await this.adoptConfig(await this.configReader.readSound());
    const { sweep, expansion } = requireSound(readSweep(file, await this.readUserFile(file), config.project));
    const script = sweep.script ?? config.project.script;
    const tasks = await this.previewOf(sweep, expansion);
    return preflight(
      {
        ports: this.ports,
        sources: chooseSources(sweep, config, options),
        tasks: () => tasks,
        exclude: config.sync.exclude,
        test: async (source) => (await this.testSource(source)).health,
        compare: (source) => codeTrouble(this.sync, source, config.sync, options, signal),
        ...(script !== undefined && { script }),
      },
      signal,
    );
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
    const joining = await this.joinable(session, change, options, signal);
    await this.ask(sweepId, {
      ...{ verb: 'rerun', tasks },
      ...(Object.keys(change).length > 0 ? { change } : {}),
      ...(joining.length > 0 ? { joining } : {}),
    });
  }

  async extend(sweepId: string): Promise<number> {
    const driver = this.registry.get(sweepId);
    await this.adoptConfig(await this.configReader.readSound());
    const { manifest } = driver.session;
    const file = this.ports.path.isAbsolute(manifest.file)
      ? manifest.file
      : this.ports.path.join(this.projectDir, manifest.file);
    const { expansion } = requireSound(readSweep(file, await this.readUserFile(file), this.config.project));
    countTasks(expansion.count, {}, this.config.maxTasks);
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
    return this.sourceChecks.summaries(this.config, running);
  }

  async testSource(name: string): Promise<SourceSummary> {
    await this.readConfig();
    await this.sourceChecks.test(name, this.config);
    this.changed.fire({ sources: true });
    const found = this.sources().find((source) => source.name === name);
    if (found) return found;
    throw new HsmError('input.invalid', `There is no compute source "${name}".`, {
      hint: `Configured: ${Object.keys(this.config.sources).join(', ')}.`,
    });
  }

  async addSource(name: string, fields: Readonly<Record<string, JsonValue>>): Promise<void> {
    await addSource(this.ports, name, fields);
    await this.readConfig();
    this.changed.fire({ sources: true });
  }

  async cleanable(name: string): Promise<CleanPlan> {
    return this.cleaning.plan(name, await this.readConfig());
  }

  async clean(name: string, plan: CleanPlan): Promise<CleanPlan> {
    return this.cleaning.carryOut(name, await this.readConfig(), plan);
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

  private async readConfig(): Promise<ProjectConfig> {
    return this.adoptConfig(await this.configReader.read());
  }

  /** Takes a configuration into use; sweeps are looked for where it says. */
  private async adoptConfig(config: ProjectConfig): Promise<ProjectConfig> {
    const moved = this.config.project.output !== config.project.output;
    this.config = config;
    this.openDirectory();
    if (moved) await this.registry.refresh();
    return config;
  }

  private openDirectory(): SweepDirectory {
    return this.registry.open(this.outputDir);
  }

  private get outputDir(): string {
    const { output } = this.config.project;
    const { isAbsolute, join } = this.ports.path;
    return isAbsolute(output) ? output : join(this.projectDir, output);
  }

  /** The sources that a rerun brings to a sweep, looked at as at a start. */
  private async joinable(
    session: SweepSession,
    change: ResourceChange,
    options: RerunOptions,
    signal: AbortSignal,
  ): Promise<SweepSource[]> {
    if (Object.keys(change).length === 0) return [];
    const config = await this.adoptConfig(await this.configReader.readSound());
    const { id: sweepId, sources } = session;
    const names = checkChange(change, { sweepId, sources, config });
    const chosen = new Map(Object.entries(config.sources).filter(([name]) => names.includes(name)));
    if (chosen.size === 0) return [];
    const usable = await this.sourceChecks.requireUsable(chosen, signal);
    const joining = usable.map(manifestSource);
    requireOwnPlaces(sources, joining);
    await requireInSync(this.sync, chosen, config.sync, options, signal);
    const code = await this.codeFor(session, chosen, config, signal);
    signal.throwIfAborted();
    return joining.map((source) => ({ ...source, ...(source.type === 'local' ? {} : code) }));
  }

  /** Hosts that get a copy run one state of the code. A sweep that ran only the project as it is goes on with that. */
  private async codeFor(
    { manifest, sources }: SweepSession,
    joining: ReadonlyMap<string, SourceConfig>,
    config: ProjectConfig,
    signal: AbortSignal,
  ): Promise<{ snapshot?: string }> {
    if (manifest.code.snapshot !== undefined) return {};
    const snapshot = sources.find((source) => source.snapshot !== undefined)?.snapshot;
    return snapshot === undefined ? this.sealCode(joining, config, signal) : { snapshot };
  }

  /** Edits from now on are of the next sweep. Costs nothing where the project is run as it is. */
  private async sealCode(
    chosen: ReadonlyMap<string, SourceConfig>,
    { sync, project }: ProjectConfig,
    signal: AbortSignal,
  ): Promise<{ snapshot?: string }> {
    const gets = [...chosen.values()].some((source) => source.type !== 'local' && source.code === 'snapshot');
    if (!gets) return {};
    const going = this.registry.all().filter(({ session }) => !session.state.isOver);
    const inUse = going.flatMap(({ session: { manifest, sources } }) =>
      [manifest.code.snapshot, ...sources.map(({ snapshot }) => snapshot)].filter(
        (name) => name !== undefined,
      ),
    );
    const exclude = codeExcludeOf(sync.exclude, project);
    return { snapshot: await this.ports.sealCode(exclude, inUse, signal) };
  }

  /** May be gone through again and again. */
  private async previewOf(sweep: Sweep, expansion: Expansion): Promise<Iterable<PreviewTask>> {
    const settings = await settingsForScript(this.config.project, sweep, this.ports);
    const { join } = this.ports.path;
    return { [Symbol.iterator]: () => previewTasks(sweep, expansion, settings, join) };
  }

  private async readUserFile(file: string): Promise<string> {
    const text = await this.ports.files.read(file);
    if (text !== undefined) return text;
    throw new HsmError('input.invalid', `There is no file ${file}.`, {});
  }

  private async requireScript(file: string, script: string | undefined, runsScript: boolean): Promise<void> {
    if (!runsScript || script === undefined || Array.isArray(this.config.project.arguments)) return;
    const { join, isAbsolute } = this.ports.path;
    const path = isAbsolute(script) ? script : join(this.projectDir, script);
    if (await this.ports.files.exists(path)) return;
    throw new HsmError('input.invalid', `The script ${path} does not exist; nothing was started.`, {
      hint: `It is named by "script" in ${file} or by project.script in ${CONFIG_FILE}.`,
    });
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
