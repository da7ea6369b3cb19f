import { errorText } from '../base/errors';
import { Emitter } from '../base/event';
import { Mutex } from '../base/mutex';
import { TASK_STATES, isFinal, type TaskState } from '../engine/taskState';
import type { AttemptView } from './attemptStart';
import { ColumnBuilder } from './columnBuilder';
import { findMetricFiles } from './findMetricFiles';
import type { MetricRules } from './metricRules';
import { ResultColumns } from './resultColumns';
import type { ResultFiles } from './resultFiles';
import type { ResultSweep } from './resultSweep';
import type { ResultColumn, ResultTable } from './resultTable';
import { TaskLooks } from './taskLooks';
import { printOf, summarize, type TaskToRead } from './taskMetrics';

/** Task directories that are read at one time. */
const READS_AT_ONCE = 32;

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
 * The results of one sweep, read again only where something changed: a look costs what the running tasks cost. What
 * cannot be read of a task is a problem of its row, and never of the others.
 */
export class SweepResults {
  private readonly columns = new ResultColumns();
  private readonly looks: TaskLooks;
  private loaded = 0;
  private rules: MetricRules | undefined;
  private readonly mutex = new Mutex();
  /** Another number after every {@link refresh} that found something new. */
  version = 0;
  private readonly changed = new Emitter<readonly number[]>();
  /** Tasks whose rows changed, whoever had them read. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly sweep: ResultSweep,
    private readonly files: ResultFiles,
  ) {
    this.looks = new TaskLooks(sweep);
  }

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
    this.looks.doubt(tasks);
  }

  /** Names of metrics that are numbers, in the order of {@link table}. */
  numericMetrics(): readonly string[] {
    return this.columns.numericMetrics();
  }

  /** What is known now. @param tasks - only these */
  table(tasks?: readonly number[]): ResultTable {
    const numbers = tasks ?? Array.from({ length: this.loaded }, (_, row) => row + 1);
    return {
      tasks: Int32Array.from(numbers),
      states: Uint8Array.from(numbers, (task) => TASK_STATES.indexOf(this.sweep.stateOf(task))),
      ...this.columns.build(tasks?.map((task) => task - 1)),
      facts: this.facts(numbers),
      origins: this.columns.countOrigins(),
      problems: this.columns.problemsOf(numbers),
    };
  }

  /** The attempt of a task whose files count. */
  attemptOf(task: number): AttemptView {
    const { sweep } = this;
    return {
      number: sweep.attemptOf(task),
      state: sweep.stateOf(task),
      startedAtMs: sweep.startedAt(task),
      isRemote: sweep.isRemote(task),
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
    if (isNewRule) this.looks.forget();
    this.looks.begin();
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
    if (tasks.length > 0) {
      this.version++;
      this.changed.fire(tasks);
    }
    return tasks;
  }

  /** Tasks whose files are to be looked at. @param changed - is given those that changed state */
  private dueTasks(isAll: boolean, changed: Set<number>): number[] {
    const due: number[] = [];
    for (let task = 1; task <= this.loaded; task++) {
      const isNew = this.looks.isNew(task);
      if (isNew) changed.add(task);
      if (hasRun(this.sweep.stateOf(task))) {
        if (this.looks.takeDue(task) || isAll) due.push(task);
      } else if (isNew) {
        this.columns.clear(task);
        this.looks.passOver(task);
      }
    }
    return due;
  }

  /** @returns whether the row changed */
  private async look(task: number, rules: MetricRules): Promise<boolean> {
    try {
      return await this.readTask(task, { dir: this.sweep.dirOf(task), rules, attempt: this.attemptOf(task) });
    } catch (error) {
      this.looks.failed(task);
      return this.columns.setProblems(task, [`Its files cannot be read: ${errorText(error)}`]);
    }
  }

  private async readTask(task: number, what: TaskToRead): Promise<boolean> {
    const found = await findMetricFiles(this.files, what.dir, what.rules);
    const { print, triedOutput } = this.looks.last(task);
    if (print === (await printOf(this.files, found, what, triedOutput))) {
      this.looks.foundSame(task);
      return false;
    }
    const read = await summarize(this.files, found, what);
    this.columns.setMetrics(task, read);
    if (read.isIncomplete) this.looks.failed(task);
    else this.looks.foundNew(task, read);
    return true;
  }

  /** @returns tasks that were added since the last time */
  private async loadParameters(): Promise<number[]> {
    const { total } = this.sweep;
    if (this.loaded >= total) return [];
    const first = this.loaded + 1;
    this.columns.grow(total);
    this.looks.grow(total);
    for await (const { number, parameters } of this.sweep.parameters()) {
      if (number > total) break;
      if (number >= first) this.columns.setParameters(number, parameters);
    }
    this.loaded = total;
    return Array.from({ length: total - first + 1 }, (_, index) => first + index);
  }

  private facts(tasks: readonly number[]): readonly ResultColumn[] {
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
}

function hasRun(state: TaskState): boolean {
  return state !== 'waiting' && state !== 'queued';
}

function sameRules(a: MetricRules, b: MetricRules): boolean {
  const text = ({ files, patterns }: MetricRules): string => JSON.stringify([files, patterns.map(String)]);
  return text(a) === text(b);
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
