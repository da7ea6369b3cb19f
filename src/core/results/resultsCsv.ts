import type { JsonValue } from '../sweep/value';
import { cellText } from './cellText';
import { formatCsv } from './csv';
import { cellAt, indicesOf, stateAt, type ResultTable, type StepValue } from './resultTable';

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
