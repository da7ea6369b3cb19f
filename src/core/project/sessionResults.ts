import { errorText } from '../base/errors';
import { DisposableStore, toDisposable, type Disposable } from '../base/lifecycle';
import { parseMetricRule, type MetricRules } from '../results/metricRules';
import {
  formatObjective,
  guessGoal,
  guessObjective,
  OBJECTIVE_FILE,
  parseObjective,
} from '../results/objective';
import type { Objective } from '../results/objective';
import type { ResultSource, SeriesQuery, TaskSeries } from '../results/resultSource';
import type { ResultTable } from '../results/resultTable';
import type { ResultSweep } from '../results/resultSweep';
import { SweepResults, type ReadProgress } from '../results/sweepResults';
import { readTaskSeries } from '../results/taskMetrics';
import { taskName } from '../sweep/taskName';
import { parametersToJson } from '../sweep/value';
import { ConfigReader } from './configReader';
import type { ProjectPorts } from './projectPorts';
import type { ResultSettings } from './readResults';
import type { SweepSession } from './sweepSession';

const FOLLOW_MS = 2_000;
/** So much longer than a look took is waited for the next. */
const FOLLOW_PAUSE = 10;

/** The results of one sweep of a project, read from its tasks' directories by the rules of the configuration. */
export class SessionResults implements ResultSource {
  private readonly sweep: ResultSweep;
  private readonly results: SweepResults;
  private readonly config: ConfigReader;

  constructor(
    private readonly session: SweepSession,
    private readonly ports: ProjectPorts,
  ) {
    this.sweep = resultSweep(session, ports);
    this.results = new SweepResults(this.sweep, ports.files);
    this.config = new ConfigReader(ports);
  }

  async known(): Promise<ResultTable> {
    await this.results.load();
    return this.results.table();
  }

  async table(onRead?: (progress: ReadProgress) => void): Promise<ResultTable> {
    await this.refresh('all', onRead);
    return this.results.table();
  }

  /**
   * As {@link table}, reading only what changed since the last time. For files that are written again and again.
   *
   * @param known - the version that the caller has
   * @returns undefined when that is still the one
   */
  async changedTable(
    known: number | undefined,
  ): Promise<{ readonly version: number; readonly table: ResultTable } | undefined> {
    await this.refresh('changed');
    const { version } = this.results;
    return version === known ? undefined : { version, table: this.results.table() };
  }

  /** Files of these tasks came from elsewhere: they are looked at the next time, whatever became of them before. */
  recheck(tasks: readonly number[]): void {
    this.results.recheck(tasks);
  }

  rows(tasks: readonly number[]): ResultTable {
    return this.results.table(tasks);
  }

  follow(onChange: (tasks: readonly number[]) => void): Disposable {
    const following = new DisposableStore();
    const next = (delayMs: number): void => {
      if (!following.isDisposed) timer = this.ports.clock.after(delayMs, () => void look());
    };
    const look = async (): Promise<void> => {
      const beganAt = this.ports.clock.elapsed();
      try {
        await this.refresh('changed');
      } catch (error) {
        this.ports.log.warn(`${this.session.id}: results could not be read: ${errorText(error)}`);
      }
      next(Math.max(FOLLOW_MS, FOLLOW_PAUSE * (this.ports.clock.elapsed() - beganAt)));
    };
    let timer: Disposable | undefined;
    following.add(
      toDisposable(() => {
        timer?.dispose();
      }),
    );
    // Also what others have read: the tables on disk are made of the same rows.
    following.add(this.results.onDidChange(onChange));
    next(FOLLOW_MS);
    return following;
  }

  async series(
    { metric, tasks, maxPoints }: SeriesQuery,
    signal: AbortSignal,
  ): Promise<readonly TaskSeries[]> {
    const rules = await this.rules();
    const found: TaskSeries[] = [];
    for (const task of tasks) {
      signal.throwIfAborted();
      const what = { dir: this.sweep.dirOf(task), rules, attempt: this.results.attemptOf(task) };
      try {
        const series = await readTaskSeries(this.ports.files, what, { metric, maxPoints });
        if (series) found.push({ task, ...series });
      } catch (error) {
        // The task's row says what cannot be read; it must not hide the others' courses.
        this.ports.log.warn(
          `${this.session.id}: ${metric} of task ${task} was not read: ${errorText(error)}`,
        );
      }
    }
    return found;
  }

  async objective(): Promise<Objective | undefined> {
    const chosen = await this.ports.files.read(this.objectiveFile);
    const parsed = chosen === undefined ? undefined : parseObjective(chosen);
    if (parsed) return parsed;
    const { objective, goal } = (await this.config.read()).results;
    if (objective !== undefined)
      return { metric: objective, goal: goal ?? guessGoal(objective), from: 'configured' };
    const guess = guessObjective(this.results.numericMetrics());
    return guess && { ...guess, ...(goal && { goal }) };
  }

  async setObjective(objective: Pick<Objective, 'metric' | 'goal'>): Promise<void> {
    await this.ports.files.write(this.objectiveFile, formatObjective(objective));
  }

  private async refresh(
    scope: 'changed' | 'all',
    onRead?: (progress: ReadProgress) => void,
  ): Promise<readonly number[]> {
    return this.results.refresh(scope, await this.rules(), onRead);
  }

  private async rules(): Promise<MetricRules> {
    return { ...toRules((await this.config.read()).results), matcher: this.ports.matcher };
  }

  private get objectiveFile(): string {
    return this.ports.path.join(this.session.store.dir, OBJECTIVE_FILE);
  }
}

function toRules({ metrics = [] }: ResultSettings): MetricRules {
  const files: string[] = [];
  const patterns: RegExp[] = [];
  for (const text of metrics) {
    const rule = parseMetricRule(text);
    if (typeof rule === 'string') continue;
    if ('file' in rule) files.push(rule.file);
    else patterns.push(rule.pattern);
  }
  return { files, patterns };
}

function resultSweep(session: SweepSession, ports: ProjectPorts): ResultSweep {
  const { manifest, store } = session;
  const sourceOf = (task: number): string | undefined =>
    session.state.sources[session.state.tasks.sourceOf(task)];
  return {
    get total() {
      return session.state.tasks.total;
    },
    stateOf: (task) => session.state.tasks.stateOf(task),
    attemptOf: (task) => session.state.tasks.attemptOf(task),
    startedAt: (task) => session.state.tasks.startedAt(task),
    endedAt: (task) => session.state.tasks.endedAt(task),
    sourceOf,
    isRemote: (task) => (session.sources[session.state.tasks.sourceOf(task)]?.type ?? 'local') !== 'local',
    // The total at launch: names never change when a sweep is extended.
    dirOf: (task) => ports.path.join(store.dir, 'tasks', taskName(task, manifest.total)),
    async *parameters() {
      for await (const { number, parameters } of store.allTasks())
        yield { number, parameters: parametersToJson(parameters) };
    },
  };
}
