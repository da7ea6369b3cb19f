import type { JsonValue } from '../sweep/value';
import { cellText } from './cellText';
import { formatCsv } from './csv';
import { cellAt, indicesOf, stateAt, type ResultColumn, type ResultTable } from './resultTable';

/** Rows that are made into text at one time. */
const PIECE = 1000;

/**
 * The table as CSV: `task`, `state`, the parameters, the metrics. A name that is taken already gets `parameters.` or
 * `metrics.` before it. What a task has not is empty; lists and maps are JSON; NaN and infinities are `NaN`, `inf`,
 * `-inf`, which pandas and R read.
 *
 * @param indices - places of the rows that are wanted; default: all
 */
export function formatResultsCsv(table: ResultTable, indices: readonly number[] = indicesOf(table)): string {
  const columns = [...table.parameters, ...table.metrics];
  const pieces = [formatCsv([headerOf(table.parameters, table.metrics)])];
  for (let from = 0; from < indices.length; from += PIECE) {
    const rows = indices
      .slice(from, from + PIECE)
      .map((index) => [
        String(table.tasks[index] ?? ''),
        stateAt(table, index),
        ...columns.map((column) => csvCell(cellAt(column, index))),
      ]);
    pieces.push(formatCsv(rows));
  }
  return pieces.join('');
}

function headerOf(parameters: readonly ResultColumn[], metrics: readonly ResultColumn[]): string[] {
  const header = ['task', 'state'];
  const taken = new Set(header);
  const add = (name: string, kind: string): void => {
    const free = taken.has(name) ? `${kind}.${name}` : name;
    header.push(free);
    taken.add(free);
  };
  for (const { name } of parameters) add(name, 'parameters');
  for (const { name } of metrics) add(name, 'metrics');
  return header;
}

/** A value in a cell of a table that other programs read. */
export function csvCell(value: JsonValue | undefined): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  return cellText(value);
}
