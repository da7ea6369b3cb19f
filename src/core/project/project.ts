import { HsmError, errorText, type FileProblem } from '../base/errors';
import { Emitter } from '../base/event';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { FailureGroup, TaskFailure } from '../analysis/failure';
import type { CollectionReport } from '../compute/computeSource';
import type { SweepRequest } from '../engine/journalEvent';
import type { DriverInfo, SweepDirectory } from '../engine/sweepStore';
import type {
  Change,
  PreviewTask,
  RerunChoice,
  SourceSummary,
  StartOptions,
  SweepFacade,
  SweepPreview,
  SweepSummary,
  TaskDetails,
  TaskQuery,
  TaskSummary,
} from '../facade';
import type { ResultTable } from '../results/resultTable';
import { isSweepFile } from '../sweep/isSweepFile';
import type { Expansion } from '../sweep/expand';
import { hasErrors, type Problem } from '../sweep/problem';
import type { Sweep } from '../sweep/sweep';
import { parseConfig, mergeConfigs, type ProjectConfig } from './config';
import { chooseSources, countTasks, manifestSources, readSweep, requireSound, storedTasks } from './launch';
import { previewTasks } from './preview';
import type { ProjectPorts } from './projectPorts';
import { SourceChecks } from './sourceChecks';
import { SweepDriver } from './sweepDriver';

/** Whether this process drives sweeps that nobody drives as soon as it finds them. */
export type ProjectMode = 'drive' | 'view';

/** How often sweeps that other processes drive are looked at. */
const FOLLOW_MS = 1_000;

/** Summaries are shown again at most so often. */
const CHANGE_EVERY_MS = 100;

/** Where a project's own configuration lies, relative to its root. */
export const CONFIG_FILE = '.hsm/config.yaml';

/**
 * The engine of one project: its sweeps, wherever they are driven, and its sources. What the editor and the command
 * line use.
 */
export class Project implements SweepFacade, Disposable {
  readonly projectDir: string;
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new Emitter<Change>());
  readonly onDidChange = this.changed.event;
  private readonly drivers = new Map<string, SweepDriver>();
  private readonly sourceChecks: SourceChecks;
  private directory: SweepDirectory | undefined;
  private outputDir: string | undefined;
  private config: ProjectConfig = mergeConfigs();
  private changes = new Map<string, readonly number[] | undefined>();
  private changeTimer: Disposable | undefined;
  private followTimer: Disposable | undefined;
  private disposed = false;

  private constructor(
    private readonly ports: ProjectPorts,
    private mode: ProjectMode,
  ) {
    this.projectDir = ports.projectDir;
    this.sourceChecks = new SourceChecks(ports);
  }

  /** Opens a project and finds its sweeps. In the mode `drive`, sweeps that nobody drives go on from here. */
  static async open(ports: ProjectPorts, mode: ProjectMode): Promise<Project> {
    const project = new Project(ports, mode);
    await project.readConfig();
    await project.refresh();
    project.follow();
    return project;
  }

  // ---- sweeps: what is known -----------------------------------------------------------------------------------

  sweeps(): readonly SweepSummary[] {
    return [...this.drivers.values()]
      .map(({ session }) => session.summary())
      .sort((a, b) => b.createdAtMs - a.createdAtMs || b.id.localeCompare(a.id));
  }

  sweep(id: string): SweepSummary | undefined {
    return this.drivers.get(id)?.session.summary();
  }

  tasks(sweepId: string, query?: TaskQuery): readonly TaskSummary[] {
    return this.drivers.get(sweepId)?.session.tasks(query) ?? [];
  }

  async task(sweepId: string, task: number): Promise<TaskDetails> {
    return this.driver(sweepId, task).artefacts.details(task);
  }

  async failure(sweepId: string, task: number): Promise<TaskFailure> {
    return this.driver(sweepId, task).artefacts.failure(task);
  }

  async failureGroups(sweepId: string): Promise<readonly FailureGroup[]> {
    return this.driver(sweepId).artefacts.groups();
  }

  async results(sweepId: string): Promise<ResultTable> {
    return this.driver(sweepId).artefacts.results();
  }

  /** Reads again what other processes did: new sweeps, and journals that grew. */
  async refresh(): Promise<void> {
    const directory = this.openDirectory();
    for (const id of await directory.list()) {
      if (!this.drivers.has(id)) await this.adopt(directory, id);
    }
    await Promise.all([...this.drivers.values()].map((driver) => driver.session.refresh()));
  }

  // ---- sweep files: read, nothing started ----------------------------------------------------------------------

  async preview(file: string, text: string, limit: number): Promise<SweepPreview> {
    await this.readConfig();
    const read = readSweep(file, text, this.config.project);
    const { sweep, expansion, problems } = read;
    if (!sweep || !expansion) return { problems, tasks: [] };
    const tasks: PreviewTask[] = [];
    for (const task of this.previewOf(sweep, expansion)) {
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
    return { problems, count: expansion.count, tasks: () => this.previewOf(sweep, expansion) };
  }

  async check(file: string, text: string): Promise<readonly Problem[]> {
    if (file === this.configFile || file === this.ports.machineConfigFile) return parseConfig(text).problems;
    await this.readConfig();
    return readSweep(file, text, this.config.project).problems;
  }

  isSweepFile(file: string, text: string): boolean {
    return isSweepFile(file, text);
  }

  // ---- sweeps: verbs -------------------------------------------------------------------------------------------

  async start(file: string, options: StartOptions = {}): Promise<SweepSummary> {
    await this.readConfig(true);
    const { project, maxTasks } = this.config;
    const text = await this.readUserFile(file);
    const { sweep, expansion } = requireSound(readSweep(file, text, project));
    const total = countTasks(expansion.count, options, maxTasks);
    const chosen = chooseSources(sweep, this.config, options);
    await this.requireScript(file, sweep.script ?? project.script, sweep.run.command === undefined);
    const sources = await this.sourceChecks.requireUsable(chosen);
    const { code, patch } = await this.ports.readProvenance();
    const { join, relative } = this.ports.path;
    const description = sweep.metadata['description'];
    const store = await this.openDirectory().create({
      sweepText: text,
      ...(patch === undefined ? {} : { patch }),
      manifest: {
        format: 1,
        file: relative(this.projectDir, file),
        createdAt: new Date(this.ports.clock.now()).toISOString(),
        version: this.ports.version,
        total,
        parameterNames: expansion.parameterNames,
        metadata: sweep.metadata,
        sources: manifestSources(sources),
        project: { ...project },
        code,
        ...(typeof description === 'string' ? { description } : {}),
      },
      tasks: (dir) => storedTasks({ sweep, expansion, project, total }, join(dir, 'tasks'), join),
    });
    const driver = await SweepDriver.open(store, this.ports);
    this.ports.log.info(
      `${driver.session.id}: ${total} tasks of ${file} on ${[...chosen.keys()].join(', ')}`,
    );
    this.add(driver);
    await driver.drive(false);
    return driver.session.summary();
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
    for (const task of tasks ?? []) this.driver(sweepId, task);
    await this.ask(sweepId, tasks ? { verb: 'cancel', tasks } : { verb: 'cancel' });
  }

  async rerun(sweepId: string, choice: RerunChoice): Promise<void> {
    const { session } = this.driver(sweepId);
    const tasks =
      choice.kind === 'tasks'
        ? choice.tasks
        : session.tasks(unsuccessful(choice)).map(({ number }) => number);
    for (const task of tasks) this.driver(sweepId, task);
    if (tasks.length === 0) {
      throw new HsmError('input.invalid', `${sweepId} has no task to run again.`, {
        hint: 'Name tasks to run them again whatever their state.',
      });
    }
    await this.ask(sweepId, { verb: 'rerun', tasks });
  }

  async extend(sweepId: string): Promise<number> {
    const driver = this.driver(sweepId);
    await this.readConfig(true);
    const { manifest } = driver.session;
    const file = this.ports.path.isAbsolute(manifest.file)
      ? manifest.file
      : this.ports.path.join(this.projectDir, manifest.file);
    const { expansion } = requireSound(readSweep(file, await this.readUserFile(file), this.config.project));
    countTasks(expansion.count, {}, this.config.maxTasks);
    return driver.extend(expansion);
  }

  async setSlots(sweepId: string, source: string, slots: number): Promise<void> {
    const { manifest } = this.driver(sweepId).session;
    if (!manifest.sources.some(({ name }) => name === source)) {
      throw new HsmError('input.invalid', `${sweepId} does not use a compute source "${source}".`, {
        hint: `It uses: ${manifest.sources.map(({ name }) => name).join(', ')}.`,
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

  async collect(sweepId: string): Promise<ReadonlyMap<string, CollectionReport>> {
    return this.driver(sweepId).collect();
  }

  // ---- sweeps: driving -----------------------------------------------------------------------------------------

  /** Drives a sweep from this process unless it is over or another process does. */
  async drive(sweepId: string): Promise<'driving' | 'over' | DriverInfo> {
    return this.driver(sweepId).drive(false);
  }

  /** From now on sweeps that nobody drives are driven from here. */
  driveFromNowOn(): void {
    this.mode = 'drive';
  }

  /**
   * Resolves when the sources of a sweep that is driven here have taken what was asked of them; at once when it is
   * driven elsewhere.
   *
   * @throws HsmError `source.unavailable` when one cannot be reached; it is asked again while the sweep is driven
   */
  async settle(sweepId: string, signal: AbortSignal): Promise<void> {
    await this.driver(sweepId).session.driving?.settle(signal);
  }

  /** One look at the sources of a sweep that nobody drives: journals what happened there, starts nothing. */
  async observe(sweepId: string): Promise<void> {
    await this.driver(sweepId).observe();
  }

  /** Resolves when the sweep is over, whoever drives it. Rejects with the signal's reason when that aborts first. */
  async whenOver(sweepId: string, signal: AbortSignal): Promise<SweepSummary> {
    return this.driver(sweepId).whenOver(signal);
  }

  // ---- sources -------------------------------------------------------------------------------------------------

  sources(): readonly SourceSummary[] {
    const running = [...this.drivers.values()].map(({ session }) => session);
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

  // ---- lifetime ------------------------------------------------------------------------------------------------

  /** Lets go of everything; tasks go on. Resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.disposed = true;
    this.changeTimer?.dispose();
    this.followTimer?.dispose();
    this.disposables.dispose();
    await Promise.all([...this.drivers.values()].map((driver) => driver.close()));
    this.directory?.dispose();
  }

  /** As {@link close}, without waiting for it. */
  dispose(): void {
    void this.close();
  }

  // ---- inside --------------------------------------------------------------------------------------------------

  private get configFile(): string {
    return this.ports.path.join(this.projectDir, CONFIG_FILE);
  }

  /** With `strict`, a configuration with errors is not acted on. */
  private async readConfig(strict = false): Promise<void> {
    const parse = async (file: string): Promise<ReturnType<typeof parseConfig>> => {
      const text = await this.ports.files.read(file);
      const parsed = text === undefined ? { problems: [] } : parseConfig(text);
      if (strict && hasErrors(parsed.problems)) {
        const problems = parsed.problems.map((problem) => ({ ...problem, file }));
        const first = problems.find((problem) => problem.severity === 'error');
        const what = first ? `line ${first.range.line}: ${first.message}` : '';
        throw new HsmError('input.invalid', `${file} has errors, nothing was started: ${what}`, { problems });
      }
      return parsed;
    };
    const [machine, project] = [await parse(this.ports.machineConfigFile), await parse(this.configFile)];
    this.config = mergeConfigs(machine.value, project.value);
    if (this.directory && this.outputDir !== this.config.project.output) await this.reopenDirectory();
  }

  private async reopenDirectory(): Promise<void> {
    this.directory?.dispose();
    this.directory = undefined;
    await this.refresh();
  }

  private openDirectory(): SweepDirectory {
    if (this.directory) return this.directory;
    const { output } = this.config.project;
    this.outputDir = output;
    const path = this.ports.path.isAbsolute(output) ? output : this.ports.path.join(this.projectDir, output);
    this.directory = this.ports.sweepDirectory(path);
    this.directory.onDidChange(() => {
      this.background(this.refresh());
    });
    return this.directory;
  }

  private previewOf(sweep: Sweep, expansion: Expansion): Iterable<PreviewTask> {
    return previewTasks(sweep, expansion, this.config.project, this.ports.path.join);
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

  private driver(sweepId: string, task?: number): SweepDriver {
    const driver = this.drivers.get(sweepId);
    if (!driver) throw new HsmError('input.invalid', `There is no sweep "${sweepId}" in this project.`, {});
    if (task !== undefined && !driver.session.state.tasks.has(task)) {
      const { total } = driver.session.state.tasks;
      throw new HsmError('input.invalid', `${sweepId} has no task ${task}; its tasks are 1 to ${total}.`, {});
    }
    return driver;
  }

  private async ask(sweepId: string, request: SweepRequest): Promise<void> {
    await this.driver(sweepId).ask(request);
  }

  private async adopt(directory: SweepDirectory, id: string): Promise<void> {
    try {
      const driver = await SweepDriver.open(directory.open(id), this.ports);
      // Two refreshes may have met here.
      if (this.drivers.has(id)) driver.session.dispose();
      else {
        this.add(driver);
        if (this.mode === 'drive') await driver.drive(false);
      }
    } catch (error) {
      this.ports.log.warn(`${id} cannot be read and is not shown: ${errorText(error)}`);
    }
  }

  private add(driver: SweepDriver): void {
    this.drivers.set(driver.session.id, driver);
    driver.session.onDidChange((tasks) => {
      this.note(driver.session.id, tasks);
    });
    this.changed.fire({ sweepList: true, sources: true });
  }

  /** Gathers changes, so that ten thousand short tasks are not ten thousand redraws. */
  private note(sweepId: string, tasks: readonly number[] | undefined): void {
    const known = this.changes.get(sweepId);
    const all = tasks === undefined || (this.changes.has(sweepId) && known === undefined);
    this.changes.set(sweepId, all ? undefined : [...new Set([...(known ?? []), ...tasks])]);
    if (this.disposed) return;
    this.changeTimer ??= this.ports.clock.after(CHANGE_EVERY_MS, () => {
      this.changeTimer = undefined;
      const sweeps = this.changes;
      this.changes = new Map();
      this.changed.fire({ sweeps, sources: true });
    });
  }

  private follow(): void {
    if (this.disposed) return;
    this.followTimer = this.ports.clock.after(FOLLOW_MS, () => {
      this.background(
        this.followOnce().finally(() => {
          this.follow();
        }),
      );
    });
  }

  private async followOnce(): Promise<void> {
    await this.refresh();
    if (this.mode !== 'drive') return;
    for (const driver of this.drivers.values()) {
      // The one who drove may have left or died.
      if (!driver.session.isDriven && !driver.session.state.isOver) await driver.drive(false);
    }
  }

  private background(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.disposed) this.ports.log.warn(`Looking for sweeps failed: ${errorText(error)}`);
    });
  }
}

function unsuccessful(choice: Exclude<RerunChoice, { kind: 'tasks' }>): TaskQuery {
  return { states: choice.kind === 'failed' ? ['failed', 'lost'] : ['failed', 'lost', 'cancelled'] };
}
