import type { JsonValue } from '../sweep/value';
import { cellText } from './cellText';
import { formatCsv } from './csv';
import { statisticsOf, type RowGroup } from './groupRows';
import { cellAt, indicesOf, stateAt, type ResultTable, type StepValue } from './resultTable';
import type { ColumnAccess } from './tableColumns';

/** Rows that are made into text at one time. */
const PIECE = 1000;

/**
 * The table as CSV: `task`, `state`, the parameters, the metrics. A name that is taken already gets `parameters.` or
 * `metrics.` before it. What a task has not is empty; lists and maps are JSON; NaN and infinities are `NaN`, `inf`,
 * `-inf`, which pandas and R read.
 *
 * @param indices - places of the rows that are wanted; default: all
 * @param value - of metrics that were logged by step: `min` and `max` are named in the header, as in `val_loss.min`
 */
export function formatResultsCsv(
  table: ResultTable,
  indices: readonly number[] = indicesOf(table),
  value: StepValue = 'last',
): string {
  const columns = [...table.parameters, ...table.metrics];
  const { parameters, metrics } = csvNames(table, value);
  const pieces = [formatCsv([['task', 'state', ...parameters, ...metrics]])];
  for (let from = 0; from < indices.length; from += PIECE) {
    const rows = indices
      .slice(from, from + PIECE)
      .map((index) => [
        String(table.tasks[index] ?? ''),
        stateAt(table, index),
        ...columns.map((column) => csvCell(cellAt(column, index, value))),
      ]);
    pieces.push(formatCsv(rows));
  }
  return pieces.join('');
}

/** These columns of some rows as CSV, otherwise as {@link formatResultsCsv}. */
export function formatColumnsCsv(
  columns: readonly ColumnAccess[],
  rows: readonly number[],
  value: StepValue = 'last',
): string {
  const header = columns.map(({ id, column }) => (value !== 'last' && column?.lows ? `${id}.${value}` : id));
  return formatCsv([header, ...rows.map((row) => columns.map((column) => csvCell(column.cell(row))))]);
}

/**
 * Groups as CSV: their parameters, how many `tasks` they have, and of each metric `NAME.mean`, `NAME.sd` and `NAME.count`,
 * the tasks that count.
 */
export function formatGroupsCsv(
  parameters: readonly ColumnAccess[],
  metrics: readonly ColumnAccess[],
  groups: readonly RowGroup[],
): string {
  const header = [
    ...parameters.map(({ id }) => id),
    'tasks',
    ...metrics.flatMap(({ id }) => [`${id}.mean`, `${id}.sd`, `${id}.count`]),
  ];
  const rows = groups.map(({ rows: [first = 0, ...others], counted }) => [
    ...parameters.map((column) => csvCell(column.cell(first))),
    String(others.length + 1),
    ...metrics.flatMap((column) => {
      const { mean, deviation, count } = statisticsOf(counted, column);
      return [count === 0 ? '' : csvCell(mean), count < 2 ? '' : csvCell(deviation), String(count)];
    }),
  ]);
  return formatCsv([header, ...rows]);
}

/** What the columns of parameters and metrics are called in the CSV. */
export function csvNames(
  table: Pick<ResultTable, 'parameters' | 'metrics'>,
  value: StepValue = 'last',
): { readonly parameters: readonly string[]; readonly metrics: readonly string[] } {
  const taken = new Set(['task', 'state']);
  const free = (name: string, kind: string): string => {
    const unique = taken.has(name) ? `${kind}.${name}` : name;
    taken.add(unique);
    return unique;
  };
  return {
    parameters: table.parameters.map(({ name }) => free(name, 'parameters')),
    metrics: table.metrics.map(({ name, lows }) =>
      free(value !== 'last' && lows ? `${name}.${value}` : name, 'metrics'),
    ),
  };
}

/** A value in a cell of a table that other programs read. */
export function csvCell(value: JsonValue | undefined): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  return cellText(value);
}
