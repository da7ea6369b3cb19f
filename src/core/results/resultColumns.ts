import type { JsonValue } from '../sweep/value';
import { ColumnBuilder } from './columnBuilder';
import type { TaskMetrics } from './gatheredMetrics';
import type { MetricOrigin, ResultColumn, RowProblems } from './resultTable';

/**
 * Parameters and metrics of all tasks of a sweep, in columns, with where they come from: 100,000 tasks with 20 metrics take
 * some 30 MB. Tasks are named by their numbers, from 1.
 */
export class ResultColumns {
  private readonly parameters = new Map<string, ColumnBuilder>();
  private readonly metrics = new Map<string, MetricColumn>();
  private readonly problems = new Map<number, readonly string[]>();
  private readonly origins = new Map<number, string>();
  private readonly originTexts = new Map<string, string>();
  /** The places of each task's metrics. */
  private readonly orders = new Map<number, ReadonlyMap<string, number>>();
  private readonly knownOrders = new Map<string, ReadonlyMap<string, number>>();
  private size = 0;

  grow(total: number): void {
    this.size = total;
    for (const column of this.parameters.values()) column.grow(total);
    for (const { column } of this.metrics.values()) column.grow(total);
  }

  setParameters(task: number, parameters: Readonly<Record<string, JsonValue>>): void {
    for (const [name, value] of Object.entries(parameters)) {
      const column = this.parameters.get(name) ?? new ColumnBuilder(name, this.size);
      this.parameters.set(name, column);
      column.set(task - 1, value);
    }
  }

  /** Replaces what a task has measured. */
  setMetrics(task: number, { metrics, ranges, problems, origins }: TaskMetrics): void {
    this.clear(task, metrics);
    for (const [name, value] of metrics) {
      const metric = this.metric(name);
      metric.task = Math.min(metric.task, task);
      metric.column.set(task - 1, value, ranges.get(name));
    }
    this.orders.set(task, this.sameOrder([...metrics.keys()]));
    if (problems.length > 0) this.problems.set(task, problems);
    this.origins.set(task, this.sameText(JSON.stringify(origins)));
  }

  /** Says what is wrong with a task's files, beside what is known of them. @returns whether that is new */
  setProblems(task: number, problems: readonly string[]): boolean {
    if (this.problems.get(task)?.join('\n') === problems.join('\n')) return false;
    this.problems.set(task, problems);
    return true;
  }

  /** Forgets what a task has measured. */
  clear(task: number, except: ReadonlyMap<string, unknown> = new Map()): void {
    for (const [name, metric] of this.metrics) {
      if (except.has(name)) continue;
      metric.column.clear(task - 1);
      if (metric.task === task) metric.task = (metric.column.firstFrom(task) ?? Infinity) + 1;
    }
    this.problems.delete(task);
    this.origins.delete(task);
    this.orders.delete(task);
  }

  /** Names of metrics that are numbers, in the order of {@link build}. */
  numericMetrics(): string[] {
    return this.orderedMetrics()
      .filter(({ isNumeric }) => isNumeric)
      .map(({ name }) => name);
  }

  /**
   * Metrics come in the order of the first task that has them, whichever was read first.
   *
   * @param rows - places from 0; undefined: all
   */
  build(rows: readonly number[] | undefined): {
    readonly parameters: readonly ResultColumn[];
    readonly metrics: readonly ResultColumn[];
  } {
    const build = (columns: readonly ColumnBuilder[]): ResultColumn[] =>
      columns.map((column) => column.build(rows));
    return { parameters: build([...this.parameters.values()]), metrics: build(this.orderedMetrics()) };
  }

  problemsOf(tasks: readonly number[]): RowProblems[] {
    return tasks.flatMap((task) => {
      const problems = this.problems.get(task);
      return problems ? [{ task, problems }] : [];
    });
  }

  /** Which files the metrics of all tasks come from, the most frequent first. */
  countOrigins(): MetricOrigin[] {
    const tally = new Map<string, number>();
    for (const key of this.origins.values()) tally.set(key, (tally.get(key) ?? 0) + 1);
    const byFile = new Map<string, MetricOrigin>();
    for (const [key, count] of tally) {
      for (const origin of JSON.parse(key) as Pick<MetricOrigin, 'file' | 'how'>[]) {
        const tasks = (byFile.get(origin.file)?.tasks ?? 0) + count;
        byFile.set(origin.file, { ...origin, tasks });
      }
    }
    return [...byFile.values()].sort((a, b) => b.tasks - a.tasks || (a.file < b.file ? -1 : 1));
  }

  /** Equal texts of many tasks as one in memory. */
  private sameText(text: string): string {
    const known = this.originTexts.get(text);
    if (known === undefined) this.originTexts.set(text, text);
    return known ?? text;
  }

  /** The same for the places of metrics. */
  private sameOrder(names: readonly string[]): ReadonlyMap<string, number> {
    const key = JSON.stringify(names);
    const order = this.knownOrders.get(key) ?? new Map(names.map((name, place) => [name, place]));
    this.knownOrders.set(key, order);
    return order;
  }

  private metric(name: string): MetricColumn {
    const known = this.metrics.get(name);
    if (known) return known;
    const metric = { column: new ColumnBuilder(name, this.size), task: Infinity };
    this.metrics.set(name, metric);
    return metric;
  }

  private orderedMetrics(): ColumnBuilder[] {
    const placed = [...this.metrics].map(([name, { column, task }]) => ({
      column,
      task,
      position: this.orders.get(task)?.get(name) ?? 0,
    }));
    return placed
      .sort((a, b) => (a.task === b.task ? a.position - b.position : a.task - b.task))
      .map(({ column }) => column);
  }
}

interface MetricColumn {
  readonly column: ColumnBuilder;
  /** The first task that has it; Infinity when none has. */
  task: number;
}
