import { ColumnBuilder } from './columnBuilder';
import type { ResultColumn, ResultTable } from './resultTable';

/** A table with some of its rows replaced, and rows and columns that are new added. `patch` has all columns that exist now. */
export function mergeRows(table: ResultTable, patch: ResultTable): ResultTable {
  const placeOf = new Map(Array.from(table.tasks, (task, index) => [task, index]));
  const tasks = [...table.tasks];
  const places = Array.from(patch.tasks, (task) => placeOf.get(task) ?? tasks.push(task) - 1);
  const states = new Uint8Array(tasks.length);
  states.set(table.states);
  for (const [row, place] of places.entries()) states[place] = patch.states[row] ?? 0;
  const patched = new Set(patch.tasks);
  const merge = (old: readonly ResultColumn[], fresh: readonly ResultColumn[]): ResultColumn[] =>
    mergeColumns(old, fresh, { size: tasks.length, places });
  return {
    tasks: Int32Array.from(tasks),
    states,
    parameters: merge(table.parameters, patch.parameters),
    metrics: merge(table.metrics, patch.metrics),
    facts: merge(table.facts, patch.facts),
    origins: patch.origins,
    problems: [...table.problems.filter(({ task }) => !patched.has(task)), ...patch.problems],
  };
}

interface Places {
  readonly size: number;
  /** Where each row of the patch goes. */
  readonly places: readonly number[];
}

function mergeColumns(
  old: readonly ResultColumn[],
  fresh: readonly ResultColumn[],
  where: Places,
): ResultColumn[] {
  const freshByName = new Map(fresh.map((column) => [column.name, column]));
  const oldNames = new Set(old.map(({ name }) => name));
  return [
    ...old.map((column) => mergeColumn(column, freshByName.get(column.name), where)),
    ...fresh.filter(({ name }) => !oldNames.has(name)).map((column) => mergeColumn(undefined, column, where)),
  ];
}

function mergeColumn(
  old: ResultColumn | undefined,
  fresh: ResultColumn | undefined,
  { size, places }: Places,
): ResultColumn {
  const merged = old ? ColumnBuilder.of(old) : new ColumnBuilder(fresh?.name ?? '', size);
  merged.grow(size);
  for (const [row, place] of places.entries()) {
    if (fresh) merged.copy(place, fresh, row);
    else merged.clear(place);
  }
  return merged.build();
}
