import { rowAt, type ResultRow, type ResultTable, type StepValue } from './resultTable';

/** A row of a results export. */
export type ResultJson = Pick<ResultRow, 'number' | 'state' | 'parameters' | 'metrics'> & {
  /** Which value of metrics that were logged by step it has. Absent: the last. */
  readonly value?: Exclude<StepValue, 'last'>;
};

/** Rows for scripts. @param rows - places, in the order that is wanted */
export function toResultsJson(
  table: ResultTable,
  rows: readonly number[],
  value: StepValue = 'last',
): readonly ResultJson[] {
  return rows.map((row) => {
    const { number, state, parameters, metrics } = rowAt(table, row, value);
    return { number, state, parameters, metrics, ...(value !== 'last' && { value }) };
  });
}
