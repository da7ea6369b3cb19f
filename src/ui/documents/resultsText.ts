import type { SweepSummary } from '../../core/facade';
import type { ResultRow, ResultTable } from '../../core/results/resultTable';
import type { L10n } from '../text/l10n';
import { taskStateWord } from '../text/stateWords';
import { formatTable, formatValue } from './table';

/** Results of a sweep as a table: the parameters that differ between tasks, then the metrics. */
export function resultsText(l10n: L10n, sweep: SweepSummary, table: ResultTable): string {
  const varying = table.parameterNames.filter((name) => !isConstant(table.rows, name));
  const constant = table.parameterNames.filter((name) => isConstant(table.rows, name));
  return [
    `# ${l10n.t('Results of {0}', sweep.id)}`,
    ...constantLines(l10n, table.rows, constant),
    '',
    ...(table.metricNames.length === 0 ? [l10n.t('No task has written metrics yet.'), ''] : []),
    ...formatTable(
      [l10n.t('task'), l10n.t('state'), ...varying, ...table.metricNames],
      table.rows.map((row) => cells(l10n, row, varying, table.metricNames)),
    ),
    '',
  ].join('\n');
}

function isConstant(rows: readonly ResultRow[], name: string): boolean {
  const [first, ...others] = rows.map((row) => JSON.stringify(row.parameters[name]));
  return others.length > 0 && others.every((value) => value === first);
}

function constantLines(l10n: L10n, rows: readonly ResultRow[], names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const values = names.map((name) => `${name} = ${formatValue(rows[0]?.parameters[name])}`);
  return ['', l10n.t('The same for every task: {0}', values.join(', '))];
}

function cells(
  l10n: L10n,
  row: ResultRow,
  parameters: readonly string[],
  metrics: readonly string[],
): string[] {
  return [
    String(row.number),
    taskStateWord(l10n, row.state),
    ...parameters.map((name) => formatValue(row.parameters[name])),
    ...metrics.map((name) => formatValue(row.metrics[name])),
  ];
}
