import type { FailureGroup, TaskFailure } from '../analysis/failure';
import { formatTaskSummary } from '../analysis/taskSummary';
import type { TaskDetails, TaskLaunch } from '../facade';
import { formatResultsCsv } from '../results/resultsCsv';
import { buildCommand } from '../sweep/taskCommand';
import { parametersToJson } from '../sweep/value';
import type { ProjectSettings } from './config';
import { LaunchedCode } from './launchedCode';
import { summarizeTask } from './taskPresentation';
import type { ProjectPorts } from './projectPorts';
import { SessionFailures } from './sessionFailures';
import { SessionResults } from './sessionResults';
import type { SourceConfig } from './sourceConfig';
import type { SweepSession } from './sweepSession';

/** What is derived from a sweep's state and its tasks' files: details, failures, results. Reads, and writes on request. */
export class SweepArtefacts {
  readonly results: SessionResults;
  readonly code: LaunchedCode;
  /** Of the results that `results.csv` has. */
  private resultsVersion: number | undefined;
  private readonly failures: SessionFailures;

  constructor(
    private readonly session: SweepSession,
    private readonly ports: ProjectPorts,
    /** Whether what a task wrote is here as far as it will be. */
    isHome: (task: number) => boolean = () => false,
  ) {
    this.results = new SessionResults(session, ports);
    this.code = new LaunchedCode(session, ports);
    this.failures = new SessionFailures({ session, ports, isHome, detailsOf: (task) => this.details(task) });
  }

  /** More of what tasks wrote may have come from elsewhere. @param tasks - default: all that failed */
  recheck(tasks?: readonly number[]): void {
    this.failures.recheck(tasks);
    if (tasks) this.results.recheck(tasks);
  }

  /** @throws Error when the sweep has no such task */
  async details(task: number): Promise<TaskDetails> {
    const [stored] = await this.session.store.readTasks([task]);
    if (!stored) throw new Error(`${this.session.id} has no task ${task}.`);
    const { join } = this.ports.path;
    const dir = join(this.session.store.dir, 'tasks', stored.name);
    return {
      ...summarizeTask(this.session.state, task),
      sweepId: this.session.id,
      parameters: parametersToJson(stored.parameters),
      argv: stored.argv,
      dir,
      stdout: join(dir, 'stdout.log'),
      stderr: join(dir, 'stderr.log'),
    };
  }

  /** How the task's current attempt is started on this machine. */
  async launch(task: number): Promise<TaskLaunch> {
    const { manifest, sweep, store, state } = this.session;
    const [stored] = await store.readTasks([task]);
    if (!stored) throw new Error(`${this.session.id} has no task ${task}.`);
    const { number, name, parameters } = stored;
    const taskDir = this.ports.path.join(store.dir, 'tasks', name);
    const project = manifest.project as unknown as ProjectSettings;
    const { argv, env } = buildCommand({ sweep, project, parameters, number, name, taskDir });
    const source = this.session.sources[state.tasks.sourceOf(task)]?.config as SourceConfig | undefined;
    return {
      argv,
      cwd: this.ports.projectDir,
      env: {
        ...source?.env,
        ...env,
        HSM_SWEEP_ID: this.session.id,
        HSM_TASK: String(number),
        HSM_ATTEMPT: String(Math.max(1, state.tasks.attemptOf(task))),
        HSM_TASK_DIR: taskDir,
      },
    };
  }

  async failure(task: number): Promise<TaskFailure> {
    return this.failures.failure(task);
  }

  async groups(): Promise<readonly FailureGroup[]> {
    return this.failures.groups();
  }

  /** Writes `errors/<task>.md` for a failed task, or removes it when the task has since been run again. */
  async writeSummary(task: number): Promise<void> {
    if (await this.isGone()) return;
    const state = this.session.state.tasks.stateOf(task);
    const details = await this.details(task);
    const file = this.inSweep('errors', `${details.name}.md`);
    if (state === 'failed' || state === 'lost') {
      await this.ports.files.write(
        file,
        formatTaskSummary(await this.failures.read(details), details, this.ports.projectDir),
      );
    } else await this.ports.files.remove(file);
  }

  /** Writes `results.csv` and `groups.json`, which can be made again at any time. */
  async writeTables(): Promise<void> {
    if (await this.isGone()) return;
    await this.writeResults();
    await this.ports.files.write(
      this.inSweep('groups.json'),
      `${JSON.stringify(await this.groups(), undefined, 2)}\n`,
    );
  }

  /** Writes `results.csv` when it would not be as it is. */
  async writeResults(): Promise<void> {
    if (await this.isGone()) return;
    const changed = await this.results.changedTable(this.resultsVersion);
    if (!changed) return;
    await this.ports.files.write(this.inSweep('results.csv'), formatResultsCsv(changed.table));
    this.resultsVersion = changed.version;
  }

  /** The user removed the sweep: writing would bring a piece of it back. */
  private async isGone(): Promise<boolean> {
    return !(await this.ports.files.exists(this.session.store.dir));
  }

  private inSweep(...parts: string[]): string {
    return this.ports.path.join(this.session.store.dir, ...parts);
  }
}
