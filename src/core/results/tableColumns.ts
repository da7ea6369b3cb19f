import type { JsonValue } from '../sweep/value';
import {
  cellAt,
  hasOneValue,
  isConstant,
  numberAt,
  stateAt,
  type ResultColumn,
  type ResultTable,
  type StepValue,
} from './resultTable';
import { isStepName } from './stepNames';

/** What a column is about. */
export type ColumnKind = 'task' | 'state' | 'fact' | 'parameter' | 'metric';

/** One column of the table as people see it: the task and its state are columns too. */
export interface ColumnAccess {
  /** Unique in the table: the name, or `metrics.NAME` where something before it has that name. */
  readonly id: string;
  readonly kind: ColumnKind;
  cell(row: number): JsonValue | undefined;
  /** NaN where the cell is no number. Truth values count as 0 and 1. */
  number(row: number): number;
  /** Whether some cell is a number, or a truth value, which counts as one. */
  readonly hasNumbers: boolean;
  /** Absent of `task` and `state`. */
  readonly column?: ResultColumn;
}

/** All columns: task, state, parameters, metrics, facts. */
export function tableColumns(table: ResultTable, value: StepValue = 'last'): ColumnAccess[] {
  const taken = new Set(['task', 'state']);
  const named = (columns: readonly ResultColumn[], kind: ColumnKind, prefix: string): ColumnAccess[] =>
    columns.map((column) => {
      const id = taken.has(column.name) ? `${prefix}.${column.name}` : column.name;
      taken.add(id);
      return {
        id,
        kind,
        column,
        cell: (row) => cellAt(column, row, value),
        number: (row) => numberAt(column, row, value),
        get hasNumbers() {
          return column.codes.includes(1) || column.pool.some((held) => typeof held === 'boolean');
        },
      };
    });
  return [
    {
      id: 'task',
      kind: 'task',
      cell: (row) => table.tasks[row],
      number: (row) => table.tasks[row] ?? NaN,
      hasNumbers: true,
    },
    {
      id: 'state',
      kind: 'state',
      cell: (row) => stateAt(table, row),
      number: () => NaN,
      hasNumbers: false,
    },
    ...named(table.parameters, 'parameter', 'parameters'),
    ...named(table.metrics, 'metric', 'metrics'),
    ...named(table.facts, 'fact', 'facts'),
  ];
}

export function columnNames(table: ResultTable): string[] {
  return tableColumns(table).map(({ id }) => id);
}

/** Finds columns by their ids; `parameters.NAME`, `metrics.NAME` and `param.NAME`, `metric.NAME` always name one of the kind. */
export interface ColumnFinder {
  readonly names: readonly string[];
  find(name: string): ColumnAccess | undefined;
}

export function columnFinder(table: ResultTable, value: StepValue = 'last'): ColumnFinder {
  const columns = tableColumns(table, value);
  return {
    names: columns.map(({ id }) => id),
    find(name) {
      const exact = columns.find(({ id }) => id === name);
      if (exact) return exact;
      const match = /^(param|metric)(?:eter)?s?\.(.+)$/u.exec(name);
      if (!match) return undefined;
      const kind = match[1] === 'param' ? 'parameter' : 'metric';
      return columns.find((each) => each.kind === kind && each.column?.name === match[2]);
    },
  };
}

/** One column by its id: see {@link ColumnFinder}. */
export function columnAccess(
  table: ResultTable,
  name: string,
  value: StepValue = 'last',
): ColumnAccess | undefined {
  return columnFinder(table, value).find(name);
}

/** Parameters that differ between tasks, all metrics, and of the facts what differs: what a table shows at first. */
export function differingColumns(table: ResultTable): ColumnAccess[] {
  const few = table.tasks.length < 2;
  return tableColumns(table).filter(({ kind, column }) => {
    if (!column) return kind === 'task' || few || table.states.some((state) => state !== table.states[0]);
    // A counter that is where all others are, in the tasks that have it, tells nothing.
    if (kind === 'metric')
      return few || !(isConstant(column) || (isStepName(column.name) && hasOneValue(column)));
    return kind === 'fact' ? !isConstant(column) : few || !isConstant(column);
  });
}
