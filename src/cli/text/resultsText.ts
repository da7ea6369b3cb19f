import type { ResultRow, ResultTable } from '../../core/results/resultTable';
import type { JsonValue } from '../../core/sweep/value';
import { oneLine } from './displayWidth';
import { formatTable } from './table';

/** The table with a line per task. The state is left out when all are equal. */
export function formatResults({ parameterNames, metricNames, rows }: ResultTable): string[] {
  const withState = new Set(rows.map(({ state }) => state)).size > 1;
  const cells = (row: ResultRow): string[] => [
    String(row.number),
    ...(withState ? [row.state] : []),
    ...parameterNames.map((name) => cell(row.parameters[name])),
    ...metricNames.map((name) => cell(row.metrics[name])),
  ];
  const titles = ['TASK', ...(withState ? ['STATE'] : []), ...parameterNames, ...metricNames];
  const columns = titles.map((title, index) => ({
    title: oneLine(title),
    align: withState && index === 1 ? ('left' as const) : ('right' as const),
  }));
  return formatTable(columns, rows.map(cells));
}

/** Six digits tell runs apart; the rest is in the CSV and JSON. */
function cell(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '-';
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}
