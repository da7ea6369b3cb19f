import type { ColumnAccess } from '../../core/results/tableColumns';
import { statisticsOf, type RowGroup } from '../../core/results/groupRows';
import type { ResultTable } from '../../core/results/resultTable';
import type { JsonValue } from '../../core/sweep/value';
import { formatTasks } from './counts';
import { oneLine } from './displayWidth';
import { formatTable } from './table';

/** So many files get named that metrics come from. */
const NAMED_ORIGINS = 3;

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
    groups.map((group) => [
      ...parameters.map((column) => cell(column.cell(group.rows[0] ?? 0))),
      String(group.rows.length),
      ...metrics.map((column) => spread(column, group)),
    ]),
  );
}

/** Where the metrics come from, the most frequent first: `Metrics: metrics.json of 12 tasks, found.` */
export function formatOrigins({ origins, metrics }: ResultTable, ended: number): string[] {
  if (origins.length === 0) {
    if (metrics.length > 0 || ended === 0) return [];
    return [
      `No metrics were found for ${formatTasks(ended)}; \`results: { metrics: [FILES] }\` in the configuration says where they are.`,
    ];
  }
  const named = origins.slice(0, NAMED_ORIGINS);
  const texts = named.map(({ file, how, tasks }) => `${oneLine(file)} of ${formatTasks(tasks)}, ${how}`);
  const more = origins.length - named.length;
  return [
    `Metrics: ${texts.join('; ')}${more > 0 ? `; and ${more} more ${more === 1 ? 'file' : 'files'}` : ''}.`,
  ];
}

function titleOf({ id, kind }: ColumnAccess): { title: string; align: 'left' | 'right' } {
  const own = kind === 'task' || kind === 'state';
  return { title: own ? id.toUpperCase() : oneLine(id), align: kind === 'state' ? 'left' : 'right' };
}

function spread(column: ColumnAccess, { rows, counted }: RowGroup): string {
  const { mean, deviation, count } = statisticsOf(counted, column);
  if (count === 0) return '-';
  const around = Number.isNaN(deviation) ? '' : ` ± ${cell(Number(deviation.toPrecision(2)))}`;
  const missing = count < rows.length ? ` (${count} of ${rows.length})` : '';
  return `${cell(mean)}${around}${missing}`;
}

/** Six digits tell runs apart; the rest is in the CSV and JSON. */
function cell(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '-';
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}
