import type { ColumnAccess } from '../../core/results/tableColumns';
import { statisticsOf, type RowGroup } from '../../core/results/groupRows';
import type { JsonValue } from '../../core/sweep/value';
import { oneLine } from './displayWidth';
import { formatTable } from './table';

/** Rows as a table with a line per task. */
export function formatResults(columns: readonly ColumnAccess[], rows: readonly number[]): string[] {
  return formatTable(
    columns.map(titleOf),
    rows.map((row) => columns.map((column) => cell(column.cell(row)))),
  );
}

/** Groups as a table with a line per group: its parameters, how many tasks, and mean ± standard deviation. */
export function formatGroups(
  parameters: readonly ColumnAccess[],
  metrics: readonly ColumnAccess[],
  groups: readonly RowGroup[],
): string[] {
  const columns = [
    ...parameters.map(titleOf),
    { title: 'TASKS', align: 'right' as const },
    ...metrics.map(titleOf),
  ];
  return formatTable(
    columns,
    groups.map(({ rows }) => [
      ...parameters.map((column) => cell(column.cell(rows[0] ?? 0))),
      String(rows.length),
      ...metrics.map((column) => spread(column, rows)),
    ]),
  );
}

function titleOf({ id, kind }: ColumnAccess): { title: string; align: 'left' | 'right' } {
  const own = kind === 'task' || kind === 'state';
  return { title: own ? id.toUpperCase() : oneLine(id), align: kind === 'state' ? 'left' : 'right' };
}

function spread(column: ColumnAccess, rows: readonly number[]): string {
  const { mean, deviation, count } = statisticsOf(rows, column);
  if (count === 0) return '-';
  return Number.isNaN(deviation) ? cell(mean) : `${cell(mean)} ± ${cell(Number(deviation.toPrecision(2)))}`;
}

/** Six digits tell runs apart; the rest is in the CSV and JSON. */
function cell(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '-';
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}
