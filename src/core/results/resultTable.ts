import { TASK_STATES, type TaskState } from '../engine/taskState';
import type { JsonValue } from '../sweep/value';

/**
 * What the tasks of a sweep were given and what they measured, in columns, one row per task in the order of their
 * numbers. Plain data: it can be posted to another process, where NaN and infinities survive in the typed arrays.
 */
export interface ResultTable {
  /** Task numbers, ascending. */
  readonly tasks: Int32Array;
  /** A place in {@link TASK_STATES} for each row. */
  readonly states: Uint8Array;
  /** In the order of the sweep file. */
  readonly parameters: readonly ResultColumn[];
  /** Dotted names, in the order of the first task that has them, and as that has them. */
  readonly metrics: readonly ResultColumn[];
  /** Where and how long: `source`, and `duration` in seconds. */
  readonly facts: readonly ResultColumn[];
  /** Which files the metrics come from. */
  readonly origins: readonly MetricOrigin[];
  /** What is wrong with those files, for the rows that have something. */
  readonly problems: readonly RowProblems[];
}

/** One parameter or metric. About 12 bytes a cell. */
export interface ResultColumn {
  readonly name: string;
  /** The cells that are numbers; NaN in the others. */
  readonly numbers: Float64Array;
  /** What each cell holds: 0 nothing, 1 the number, from 2 on a value of the pool. */
  readonly codes: Uint32Array;
  /** Texts, truth values, lists that cells have: each once, and no others. */
  readonly pool: readonly JsonValue[];
  /** Of a metric that was logged by step: the smallest and the largest value on the way. NaN where there is none. */
  readonly lows?: Float64Array;
  readonly highs?: Float64Array;
}

export interface MetricOrigin {
  /** Relative to the task's directory; a star stands for what tells runs apart, as in `events.out.tfevents.*`. */
  readonly file: string;
  readonly how: 'found' | 'configured';
  /** Tasks that have it. */
  readonly tasks: number;
}

export interface RowProblems {
  readonly task: number;
  /** Sentences. */
  readonly problems: readonly string[];
}

/** One row, as objects. */
export interface ResultRow {
  readonly number: number;
  readonly state: TaskState;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** Numbers may be NaN or infinite, as programs write them; `JSON.stringify` makes `null` of those. */
  readonly metrics: Readonly<Record<string, JsonValue>>;
  readonly problems?: readonly string[];
}

/** Which value of a metric that was logged by step a table tells. Metrics without steps have one value. */
export type StepValue = (typeof STEP_VALUES)[number];
export const STEP_VALUES = ['last', 'min', 'max'] as const;

/** A cell; undefined where there is nothing. */
export function cellAt(
  column: ResultColumn,
  index: number,
  value: StepValue = 'last',
): JsonValue | undefined {
  const code = column.codes[index] ?? 0;
  if (code === 0) return undefined;
  if (code > 1) return column.pool[code - 2];
  return numberAt(column, index, value);
}

/** A cell as a number; NaN where it is none. Truth values count as 0 and 1. */
export function numberAt(column: ResultColumn, index: number, value: StepValue = 'last'): number {
  const last = column.numbers[index] ?? NaN;
  if (value !== 'last') {
    const extreme = (value === 'min' ? column.lows : column.highs)?.[index] ?? NaN;
    if (!Number.isNaN(extreme)) return extreme;
  }
  const code = column.codes[index] ?? 0;
  if (code < 2) return last;
  const held = column.pool[code - 2];
  return typeof held === 'boolean' ? Number(held) : NaN;
}

export function stateAt(table: ResultTable, index: number): TaskState {
  return TASK_STATES[table.states[index] ?? 0] ?? 'waiting';
}

/** A row as objects. For many rows of a large table the columns are cheaper. */
export function rowAt(table: ResultTable, index: number, value: StepValue = 'last'): ResultRow {
  const number = table.tasks[index] ?? 0;
  const problems = table.problems.find(({ task }) => task === number)?.problems;
  return {
    number,
    state: stateAt(table, index),
    parameters: recordAt(table.parameters, index),
    metrics: recordAt(table.metrics, index, value),
    ...(problems && { problems }),
  };
}

/** The place of a task's row; undefined when it has none. */
export function rowOfTask({ tasks }: Pick<ResultTable, 'tasks'>, task: number): number | undefined {
  // Tasks are numbered from 1 without gaps, so the place is known unless the table has only some of them.
  if (tasks[task - 1] === task) return task - 1;
  let low = 0;
  let high = tasks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tasks[middle] ?? Infinity) < task) low = middle + 1;
    else high = middle;
  }
  return tasks[low] === task ? low : undefined;
}

/** The places of the rows, first to last: for one table always the same list. */
export function indicesOf({ tasks }: Pick<ResultTable, 'tasks'>): readonly number[] {
  const known = indicesByTasks.get(tasks);
  if (known) return known;
  const indices = Array.from(tasks, (_, index) => index);
  indicesByTasks.set(tasks, indices);
  return indices;
}

const indicesByTasks = new WeakMap<Int32Array, readonly number[]>();

/** Whether all rows have the same in a column. Also of a table with one row. */
export function isConstant(column: ResultColumn): boolean {
  const { codes, numbers } = column;
  const [code] = codes;
  for (let i = 1; i < codes.length; i++) {
    if (codes[i] !== code) return false;
    if (code === 1 && !Object.is(numbers[i], numbers[0])) return false;
  }
  return true;
}

/** Whether all cells that hold something hold the same number. */
export function hasOneValue({ codes, numbers }: ResultColumn): boolean {
  const first = codes.indexOf(1);
  return codes.every((code, row) => code === 0 || (code === 1 && numbers[row] === numbers[first]));
}

/** Whether a column holds numbers and nothing else, at least one. */
export function isNumeric({ codes, pool }: ResultColumn): boolean {
  return codes.includes(1) && pool.every((value) => typeof value === 'boolean' || value === null);
}

function recordAt(
  columns: readonly ResultColumn[],
  index: number,
  which: StepValue = 'last',
): Record<string, JsonValue> {
  const entries: [string, JsonValue][] = [];
  for (const column of columns) {
    const value = cellAt(column, index, which);
    if (value !== undefined) entries.push([column.name, value]);
  }
  // Not by assignment: a metric may be called `__proto__`.
  return Object.fromEntries(entries);
}
