import { TASK_STATES } from '../engine/taskState';
import type { JsonValue } from '../sweep/value';
import { ColumnBuilder } from './columnBuilder';
import type { ResultColumn, ResultRow, ResultTable } from './resultTable';

/** Gathers rows, in any order, into a table. */
export function buildResultTable(rows: readonly ResultRow[]): ResultTable {
  const ordered = [...rows].sort((a, b) => a.number - b.number);
  return {
    tasks: Int32Array.from(ordered, ({ number }) => number),
    states: Uint8Array.from(ordered, ({ state }) => TASK_STATES.indexOf(state)),
    parameters: columnsOf(ordered.map(({ parameters }) => parameters)),
    metrics: columnsOf(ordered.map(({ metrics }) => metrics)),
    facts: [],
    origins: [],
    problems: ordered.flatMap(({ number, problems = [] }) =>
      problems.length === 0 ? [] : [{ task: number, problems }],
    ),
  };
}

function columnsOf(records: readonly Readonly<Record<string, JsonValue>>[]): ResultColumn[] {
  const builders = new Map<string, ColumnBuilder>();
  for (const [row, record] of records.entries()) {
    for (const [name, value] of Object.entries(record)) {
      const builder = builders.get(name) ?? new ColumnBuilder(name, records.length);
      builders.set(name, builder);
      builder.set(row, value);
    }
  }
  return [...builders.values()].map((builder) => builder.build());
}

/** The table of some rows alone, in the order of `indices`. */
export function selectRows(table: ResultTable, indices: readonly number[]): ResultTable {
  const take = (columns: readonly ResultColumn[]): ResultColumn[] =>
    columns.map((column) => ({
      ...column,
      numbers: pick(column.numbers, indices),
      codes: Uint32Array.from(indices, (index) => column.codes[index] ?? 0),
      ...(column.lows && { lows: pick(column.lows, indices) }),
      ...(column.highs && { highs: pick(column.highs, indices) }),
    }));
  const tasks = Int32Array.from(indices, (index) => table.tasks[index] ?? 0);
  const chosen = new Set(tasks);
  return {
    tasks,
    states: Uint8Array.from(indices, (index) => table.states[index] ?? 0),
    parameters: take(table.parameters),
    metrics: take(table.metrics),
    facts: take(table.facts),
    origins: table.origins,
    problems: table.problems.filter(({ task }) => chosen.has(task)),
  };
}

function pick(numbers: Float64Array, indices: readonly number[]): Float64Array {
  return Float64Array.from(indices, (index) => numbers[index] ?? NaN);
}
