import { Emitter } from '../base/event';
import { Mutex } from '../base/mutex';
import { TASK_STATES, isFinal, type TaskState } from '../engine/taskState';
import type { JsonValue } from '../sweep/value';
import { ColumnBuilder } from './columnBuilder';
import { findMetricFiles, type MetricFile } from './findMetricFiles';
import type { MetricRules } from './metricRules';
import type { ResultFiles } from './resultFiles';
import type { MetricOrigin, ResultTable } from './resultTable';
import { summarize } from './taskMetrics';

/** A sweep, as its results need it. Tasks are named by their number, from 1. */
export interface ResultSweep {
  readonly total: number;
  stateOf(task: number): TaskState;
  attemptOf(task: number): number;
  sourceOf(task: number): string | undefined;
  /** Whether files come home some time after the task ended. */
  isRemote(task: number): boolean;
  startedAt(task: number): number | undefined;
  endedAt(task: number): number | undefined;
  /** Absolute. */
  dirOf(task: number): string;
  /** All tasks, in order. */
  parameters(): AsyncIterable<{
    readonly number: number;
    readonly parameters: Readonly<Record<string, JsonValue>>;
  }>;
}

/** Task directories that are read at one time. */
const READS_AT_ONCE = 32;
/** Looks at a remote task that ended without finding anything new, before only {@link SweepResults.refresh} `all` finds it. */
const MAX_LOOKS = 8;

/** How far a look at tasks' files is. */
export interface ReadProgress {
  readonly done: number;
  readonly total: number;
  /** Tasks whose row changed since the last word. */
  readonly tasks: readonly number[];
}

/** Words of progress in a look: each costs whoever shows the rows a new table. */
const PROGRESS_WORDS = 10;
/** So many tasks are read before anybody could get impatient. */
const LEAST_PORTION = 1_000;

/**
 * The results of one sweep, held in columns and read again only where something changed: 100,000 tasks with 20 metrics
 * take some 30 MB, and a look at what changed costs what the running tasks cost.
 */
export class SweepResults {
  private readonly parameters = new Map<string, ColumnBuilder>();
  private readonly metrics = new Map<string, ColumnBuilder>();
  private readonly problems = new Map<number, readonly string[]>();
  private readonly origins = new Map<number, string>();
  /** By task: state and attempt at the last look, and what its files looked like. */
  private keys = new Uint32Array();
  private stamps = new Uint32Array();
  /** Looks at remote tasks that ended, since something was new. */
  private readonly looks = new Map<number, number>();
  private readonly doubtful = new Set<number>();
  private round = 0;
  private loaded = 0;
  private rules: MetricRules | undefined;
  private readonly mutex = new Mutex();
  private readonly changed = new Emitter<readonly number[]>();
  /** Tasks whose rows changed, whoever had them read. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly sweep: ResultSweep,
    private readonly files: ResultFiles,
  ) {}

  /**
   * Reads what changed since the last time.
   *
   * @param scope - `changed`: tasks that changed state, that run, or whose files may still come home; `all`: also looks
   *   whether the files of every other task are as they were
   * @param onRead - is told now and then how far it is, when there is much to read
   * @returns the tasks whose row changed, in the order of their numbers
   */
  async refresh(
    scope: 'changed' | 'all',
    rules: MetricRules,
    onRead?: (progress: ReadProgress) => void,
  ): Promise<readonly number[]> {
    return this.mutex.run(() => this.read(scope, rules, onRead));
  }

  /** Makes sure that {@link table} has all tasks with their parameters; waits for no files of tasks. */
  async load(): Promise<void> {
    if (this.loaded < this.sweep.total) await this.mutex.run(() => this.loadParameters());
  }

  /** Files of these tasks may have changed: the next {@link refresh} looks at them whatever their state. */
  recheck(tasks: readonly number[]): void {
    for (const task of tasks) this.doubtful.add(task);
  }

  /** What is known now. @param tasks - only these */
  table(tasks?: readonly number[]): ResultTable {
    const rows = tasks?.map((task) => task - 1);
    const numbers = tasks ?? Array.from({ length: this.loaded }, (_, row) => row + 1);
    const build = (columns: ReadonlyMap<string, ColumnBuilder>) =>
      [...columns.values()].map((column) => column.build(rows));
    return {
      tasks: Int32Array.from(numbers),
      states: Uint8Array.from(numbers, (task) => TASK_STATES.indexOf(this.sweep.stateOf(task))),
      parameters: build(this.parameters),
      metrics: build(this.metrics),
      facts: this.facts(numbers),
      origins: this.countOrigins(),
      problems: numbers.flatMap((task) => {
        const problems = this.problems.get(task);
        return problems ? [{ task, problems }] : [];
      }),
    };
  }

  private async read(
    scope: 'changed' | 'all',
    rules: MetricRules,
    onRead?: (progress: ReadProgress) => void,
  ): Promise<readonly number[]> {
    const grown = await this.loadParameters();
    const isNewRule = this.rules !== undefined && !sameRules(this.rules, rules);
    this.rules = rules;
    if (isNewRule) this.stamps.fill(0);
    this.round++;
    const changed = new Set(grown);
    const due = this.dueTasks(scope === 'all' || isNewRule, changed);
    const portion = Math.max(LEAST_PORTION, Math.ceil(due.length / PROGRESS_WORDS));
    let done = 0;
    let fresh: number[] = [];
    await inParallel(due, READS_AT_ONCE, async (task) => {
      if (await this.look(task, rules)) fresh.push(task);
      done++;
      if (done % portion !== 0 && done < due.length) return;
      for (const each of fresh) changed.add(each);
      if (due.length > LEAST_PORTION) onRead?.({ done, total: due.length, tasks: fresh });
      fresh = [];
    });
    const tasks = [...changed].sort((a, b) => a - b);
    if (tasks.length > 0) this.changed.fire(tasks);
    return tasks;
  }

  /** Tasks whose files are to be looked at. @param changed - is given those that changed state */
  private dueTasks(isAll: boolean, changed: Set<number>): number[] {
    const doubtful = new Set(this.doubtful);
    this.doubtful.clear();
    const due: number[] = [];
    for (let task = 1; task <= this.loaded; task++) {
      const state = this.sweep.stateOf(task);
      const key = this.sweep.attemptOf(task) * TASK_STATES.length + TASK_STATES.indexOf(state) + 1;
      const isNew = this.keys[task - 1] !== key;
      if (isNew) changed.add(task);
      this.keys[task - 1] = key;
      if (isNew) this.looks.delete(task);
      if (!hasRun(state)) {
        if (isNew) this.clear(task);
      } else if (isNew || isAll || state === 'running' || doubtful.has(task) || this.mayCome(task, state)) {
        due.push(task);
      }
    }
    return due;
  }

  /** Whether something of an ended task may still be on its way; looked at less and less often. */
  private mayCome(task: number, state: TaskState): boolean {
    if (!isFinal(state) || !this.sweep.isRemote(task)) return false;
    const looks = this.looks.get(task) ?? 0;
    return looks < MAX_LOOKS && this.round % 2 ** looks === 0;
  }

  /** @returns whether the row changed */
  private async look(task: number, rules: MetricRules): Promise<boolean> {
    const dir = this.sweep.dirOf(task);
    const found = await findMetricFiles(this.files, dir, rules);
    const stamp = await this.stampOf(found, dir);
    if (stamp === this.stamps[task - 1]) {
      this.looks.set(task, (this.looks.get(task) ?? 0) + 1);
      return false;
    }
    this.stamps[task - 1] = stamp;
    this.looks.delete(task);
    const { metrics, ranges, problems, origins } = await summarize(this.files, found, dir, rules);
    this.clear(task, metrics);
    for (const [name, value] of metrics) this.metricColumn(name).set(task - 1, value, ranges.get(name));
    if (problems.length > 0) this.problems.set(task, problems);
    this.origins.set(task, JSON.stringify(origins));
    return true;
  }

  private clear(task: number, except: ReadonlyMap<string, unknown> = new Map()): void {
    for (const [name, column] of this.metrics) if (!except.has(name)) column.clear(task - 1);
    this.problems.delete(task);
    this.origins.delete(task);
    if (except.size === 0) this.stamps[task - 1] = 0;
  }

  /** Never 0, which stands for "not looked at". Without files the output counts: metrics may be found in it. */
  private async stampOf(found: readonly MetricFile[], dir: string): Promise<number> {
    let hash = 0x811c9dc5;
    const add = (text: string): void => {
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    };
    const paths = found.length > 0 ? found.map(({ path }) => path) : [`${dir}/stdout.log`];
    for (const path of paths) {
      const stamp = await this.files.stat(path);
      add(`${path}:${stamp?.size ?? -1}:${stamp?.modifiedMs ?? -1};`);
    }
    return hash >>> 0 || 1;
  }

  /** @returns tasks that were added since the last time */
  private async loadParameters(): Promise<number[]> {
    const { total } = this.sweep;
    if (this.loaded >= total) return [];
    const first = this.loaded + 1;
    for (const column of [...this.parameters.values(), ...this.metrics.values()]) column.grow(total);
    this.keys = grown(this.keys, total);
    this.stamps = grown(this.stamps, total);
    for await (const { number, parameters } of this.sweep.parameters()) {
      if (number > total) break;
      if (number < first) continue;
      for (const [name, value] of Object.entries(parameters)) {
        const column = this.parameters.get(name) ?? new ColumnBuilder(name, total);
        this.parameters.set(name, column);
        column.set(number - 1, value);
      }
    }
    this.loaded = total;
    return Array.from({ length: total - first + 1 }, (_, index) => first + index);
  }

  private metricColumn(name: string): ColumnBuilder {
    const known = this.metrics.get(name);
    if (known) return known;
    const column = new ColumnBuilder(name, this.loaded);
    this.metrics.set(name, column);
    return column;
  }

  private facts(tasks: readonly number[]) {
    const source = new ColumnBuilder('source', tasks.length);
    const duration = new ColumnBuilder('duration', tasks.length);
    for (const [row, task] of tasks.entries()) {
      const name = this.sweep.sourceOf(task);
      if (name !== undefined) source.set(row, name);
      const startedAt = this.sweep.startedAt(task);
      const endedAt = this.sweep.endedAt(task);
      if (startedAt !== undefined && endedAt !== undefined && isFinal(this.sweep.stateOf(task)))
        duration.set(row, (endedAt - startedAt) / 1000);
    }
    return [source.build(), duration.build()];
  }

  private countOrigins(): MetricOrigin[] {
    const tally = new Map<string, number>();
    for (const key of this.origins.values()) tally.set(key, (tally.get(key) ?? 0) + 1);
    const byFile = new Map<string, MetricOrigin>();
    for (const [key, count] of tally) {
      for (const origin of JSON.parse(key) as Pick<MetricOrigin, 'file' | 'how'>[]) {
        const tasks = (byFile.get(origin.file)?.tasks ?? 0) + count;
        byFile.set(origin.file, { ...origin, tasks });
      }
    }
    return [...byFile.values()].sort((a, b) => b.tasks - a.tasks);
  }
}

function hasRun(state: TaskState): boolean {
  return state !== 'waiting' && state !== 'queued';
}

function sameRules(a: MetricRules, b: MetricRules): boolean {
  const text = ({ files, patterns }: MetricRules): string => JSON.stringify([files, patterns.map(String)]);
  return text(a) === text(b);
}

function grown(old: Uint32Array, size: number): Uint32Array<ArrayBuffer> {
  const fresh = new Uint32Array(size);
  fresh.set(old);
  return fresh;
}

async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next++];
      if (item !== undefined) await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
