import { stateAt, type ResultTable } from './resultTable';
import type { ColumnAccess } from './tableColumns';

/** Rows that have all but the averaged parameters in common. */
export interface RowGroup {
  /** Places of the rows, in the order in which they were given. */
  readonly rows: readonly number[];
  /**
   * Those that an average is taken over: of tasks that succeeded, or while none has, of those that run. What a task wrote
   * before it failed is no result of it.
   */
  readonly counted: readonly number[];
}

/** Mean and sample standard deviation of what is a number; the deviation is NaN below two. */
export interface Statistics {
  readonly mean: number;
  readonly deviation: number;
  readonly count: number;
}

/**
 * Puts rows together that have the same parameters.
 *
 * @param by - the parameters that tell groups apart; those to average over (seeds) are not among them
 */
export function groupRows(
  table: ResultTable,
  rows: readonly number[],
  by: readonly ColumnAccess[],
): RowGroup[] {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const key = by.map((column) => JSON.stringify(column.cell(row) ?? null)).join('\u0000');
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].map((group) => ({ rows: group, counted: countedRows(table, group) }));
}

/** Of some rows those whose metrics are results: see {@link RowGroup.counted}. */
export function countedRows(table: ResultTable, rows: readonly number[]): readonly number[] {
  const succeeded = rows.filter((row) => stateAt(table, row) === 'succeeded');
  return succeeded.length > 0 ? succeeded : rows.filter((row) => stateAt(table, row) === 'running');
}

/** Whether a group shows a mean in a column. */
export function isAveraged({ kind, column }: ColumnAccess): boolean {
  return kind === 'metric' || (kind === 'fact' && column?.name === 'duration');
}

/** Of a column over some rows; cells that are no finite number are left out and not counted. */
export function statisticsOf(rows: readonly number[], column: ColumnAccess): Statistics {
  // Welford's way: the sum of squares of large numbers that lie close together would lose all digits.
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const row of rows) {
    const value = column.number(row);
    if (!Number.isFinite(value)) continue;
    count++;
    const delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
  }
  return {
    count,
    mean: count === 0 ? NaN : mean,
    deviation: count < 2 ? NaN : Math.sqrt(squares / (count - 1)),
  };
}

/** The parameters that people repeat a run over. */
export function seedColumns(columns: readonly ColumnAccess[]): ColumnAccess[] {
  return columns.filter(
    ({ kind, id }) =>
      kind === 'parameter' && /(?:^|[._])(?:seed|random_state|fold|rep|repeat|replicate|trial)s?$/iu.test(id),
  );
}
