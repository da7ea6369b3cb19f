import type { JsonValue } from '../sweep/value';
import { rowAt, stateAt, type ResultRow, type ResultTable, type StepValue } from './resultTable';
import type { ColumnAccess, ColumnKind } from './tableColumns';

/** A row of a results export. */
export type ResultJson = Pick<ResultRow, 'number' | 'state' | 'parameters' | 'metrics'> & {
  /** Which value of metrics that were logged by step it has. Absent: the last. */
  readonly value?: Exclude<StepValue, 'last'>;
  /** Where and how long it ran, where these columns were chosen. */
  readonly facts?: Readonly<Record<string, JsonValue>>;
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

/** {@link toResultsJson} with these columns alone; number and state are always there. */
export function toColumnsJson(
  table: ResultTable,
  rows: readonly number[],
  columns: readonly ColumnAccess[],
  value: StepValue = 'last',
): readonly ResultJson[] {
  const recordOf = (kind: ColumnKind, row: number): Record<string, JsonValue> =>
    Object.fromEntries(
      columns.flatMap((column) => {
        const cell = column.kind === kind ? column.cell(row) : undefined;
        return cell === undefined ? [] : [[column.column?.name ?? column.id, cell]];
      }),
    );
  const withFacts = columns.some(({ kind }) => kind === 'fact');
  return rows.map((row) => ({
    number: table.tasks[row] ?? 0,
    state: stateAt(table, row),
    parameters: recordOf('parameter', row),
    metrics: recordOf('metric', row),
    ...(withFacts && { facts: recordOf('fact', row) }),
    ...(value !== 'last' && { value }),
  }));
}
