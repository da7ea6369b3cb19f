import type { JsonValue } from '../sweep/value';
import { formatCsv } from './csv';
import type { ResultTable } from './resultTable';

/**
 * The table as CSV: `task`, `state`, the parameters, the metrics. A name that is taken already gets `parameters.` or
 * `metrics.` before it. What a task has not is empty; lists and maps are JSON; NaN and infinities are `NaN`, `inf`,
 * `-inf`, which pandas and R read.
 */
export function formatResultsCsv(table: ResultTable): string {
  const { parameterNames, metricNames, rows } = table;
  return formatCsv([
    headerOf(parameterNames, metricNames),
    ...rows.map((row) => [
      String(row.number),
      row.state,
      ...parameterNames.map((name) => cellText(row.parameters[name])),
      ...metricNames.map((name) => cellText(row.metrics[name])),
    ]),
  ]);
}

function headerOf(parameterNames: readonly string[], metricNames: readonly string[]): string[] {
  const header = ['task', 'state'];
  for (const name of parameterNames) header.push(header.includes(name) ? `parameters.${name}` : name);
  for (const name of metricNames) header.push(header.includes(name) ? `metrics.${name}` : name);
  return header;
}

function cellText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
