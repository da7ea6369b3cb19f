import type { TaskState } from '../engine/taskState';
import type { JsonValue } from '../sweep/value';

/** Parameters and metrics of a sweep's tasks, one row per task in the order of their numbers. */
export interface ResultTable {
  /** In the order of the sweep file. */
  readonly parameterNames: readonly string[];
  /** Dotted names, in the order in which they were first met. */
  readonly metricNames: readonly string[];
  readonly rows: readonly ResultRow[];
}

export interface ResultRow {
  readonly number: number;
  readonly state: TaskState;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** Numbers may be NaN or infinite, as programs write them; `JSON.stringify` makes `null` of those. */
  readonly metrics: Readonly<Record<string, JsonValue>>;
  /** What is wrong with the files that the metrics come from, each a sentence. */
  readonly problems?: readonly string[];
}
