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
}

/** Gathers rows, in any order, into a table. */
export function buildResultTable(rows: readonly ResultRow[]): ResultTable {
  const ordered = [...rows].sort((a, b) => a.number - b.number);
  return {
    parameterNames: namesOf(ordered.map((row) => row.parameters)),
    metricNames: namesOf(ordered.map((row) => row.metrics)),
    rows: ordered,
  };
}

function namesOf(records: readonly Readonly<Record<string, unknown>>[]): string[] {
  const names = new Set<string>();
  for (const record of records) for (const name of Object.keys(record)) names.add(name);
  return [...names];
}
