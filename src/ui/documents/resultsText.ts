import type { SweepSummary } from '../../core/facade';
import {
  cellAt,
  indicesOf,
  isConstant,
  stateAt,
  type ResultColumn,
  type ResultTable,
} from '../../core/results/resultTable';
import type { L10n } from '../text/l10n';
import { taskStateWord } from '../text/stateWords';
import { formatTable, formatValue } from './table';

/** A document with more lines is better read as `results.csv`. */
const MAX_ROWS = 5000;

/** Results of a sweep as a table: the parameters that differ between tasks, then the metrics. */
export function resultsText(l10n: L10n, sweep: SweepSummary, table: ResultTable): string {
  const differ = ({ tasks }: ResultTable, column: ResultColumn): boolean =>
    tasks.length < 2 || !isConstant(column);
  const varying = table.parameters.filter((column) => differ(table, column));
  const constant = table.parameters.filter((column) => !differ(table, column));
  const rows = indicesOf(table);
  return [
    `# ${l10n.t('Results of {0}', sweep.id)}`,
    ...constantLines(l10n, constant),
    '',
    ...(table.metrics.length === 0 ? [l10n.t('No task has written metrics yet.'), ''] : []),
    ...formatTable(
      [l10n.t('task'), l10n.t('state'), ...[...varying, ...table.metrics].map(({ name }) => name)],
      rows.slice(0, MAX_ROWS).map((row) => cells(l10n, table, row, [...varying, ...table.metrics])),
    ),
    ...(rows.length > MAX_ROWS
      ? ['', l10n.t('The other {0} tasks are in results.csv.', rows.length - MAX_ROWS)]
      : []),
    '',
  ].join('\n');
}

function constantLines(l10n: L10n, columns: readonly ResultColumn[]): string[] {
  if (columns.length === 0) return [];
  const values = columns.map((column) => `${column.name} = ${formatValue(cellAt(column, 0))}`);
  return ['', l10n.t('The same for every task: {0}', values.join(', '))];
}

function cells(l10n: L10n, table: ResultTable, row: number, columns: readonly ResultColumn[]): string[] {
  return [
    String(table.tasks[row] ?? ''),
    taskStateWord(l10n, stateAt(table, row)),
    ...columns.map((column) => formatValue(cellAt(column, row))),
  ];
}
