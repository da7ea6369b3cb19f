import type { JsonValue } from '../sweep/value';
import { ColumnBuilder, type MetricRange } from './columnBuilder';
import { cellAt, rowOfTask, type ResultColumn, type ResultTable } from './resultTable';

/**
 * A table with some of its rows replaced, and rows and columns that are new added. Columns in which nothing changed are
 * the very same as before, and all come in the order that the patch has.
 *
 * @param patch - has all columns that exist now; its new tasks come after those of the table
 */
export function mergeRows(table: ResultTable, patch: ResultTable): ResultTable {
  const known = table.tasks.length;
  const added: number[] = [];
  const places = Array.from(patch.tasks, (task) => rowOfTask(table, task) ?? known + added.push(task) - 1);
  const size = known + added.length;
  const states = new Uint8Array(size);
  states.set(table.states);
  for (const [row, place] of places.entries()) states[place] = patch.states[row] ?? 0;
  const patched = new Set(patch.tasks);
  const merge = (old: readonly ResultColumn[], fresh: readonly ResultColumn[]): readonly ResultColumn[] =>
    mergeColumns(old, fresh, { size, places });
  return {
    tasks: added.length === 0 ? table.tasks : withAdded(table.tasks, added),
    states,
    parameters: merge(table.parameters, patch.parameters),
    metrics: merge(table.metrics, patch.metrics),
    facts: merge(table.facts, patch.facts),
    origins: patch.origins,
    problems: [...table.problems.filter(({ task }) => !patched.has(task)), ...patch.problems],
  };
}

function withAdded(tasks: Int32Array, added: readonly number[]): Int32Array {
  const all = new Int32Array(tasks.length + added.length);
  all.set(tasks);
  all.set(added, tasks.length);
  return all;
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
): readonly ResultColumn[] {
  const oldByName = new Map(old.map((column) => [column.name, column]));
  const freshNames = new Set(fresh.map(({ name }) => name));
  const none = { ...where, places: [] };
  const merged = [
    ...fresh.map((column) =>
      mergeColumn(oldByName.get(column.name) ?? emptyLike(column, none), column, where),
    ),
    ...old
      .filter(({ name }) => !freshNames.has(name))
      .map((column) => mergeColumn(column, emptyLike(column, where), where)),
  ];
  return merged.every((column, index) => column === old[index]) ? old : merged;
}

function emptyLike({ name }: ResultColumn, { places }: Places): ResultColumn {
  return new ColumnBuilder(name, places.length).build();
}

function mergeColumn(old: ResultColumn, fresh: ResultColumn, { size, places }: Places): ResultColumn {
  const isSame = (place: number, row: number): boolean =>
    Object.is(cellAt(old, place), cellAt(fresh, row)) &&
    Object.is(old.lows?.[place] ?? NaN, fresh.lows?.[row] ?? NaN) &&
    Object.is(old.highs?.[place] ?? NaN, fresh.highs?.[row] ?? NaN);
  if (old.codes.length === size && places.every(isSame)) return old;
  if (old.pool.length + fresh.pool.length === 0) return mergeNumbers(old, fresh, { size, places });
  const merged = new ColumnBuilder(old.name, size);
  const replaced = new Set(places);
  for (let row = 0; row < old.codes.length; row++) if (!replaced.has(row)) copyCell(old, row, merged, row);
  for (const [row, place] of places.entries()) copyCell(fresh, row, merged, place);
  return merged.build();
}

/** Without values in pools the cells are mere numbers, which is quick for any number of rows. */
function mergeNumbers(old: ResultColumn, fresh: ResultColumn, { size, places }: Places): ResultColumn {
  const merge = (before: Float64Array | undefined, now: Float64Array | undefined): Float64Array => {
    const merged = new Float64Array(size).fill(NaN);
    if (before) merged.set(before);
    for (const [row, place] of places.entries()) merged[place] = now?.[row] ?? NaN;
    return merged;
  };
  const codes = new Uint32Array(size);
  codes.set(old.codes);
  for (const [row, place] of places.entries()) codes[place] = fresh.codes[row] ?? 0;
  const hasRange = old.lows !== undefined || fresh.lows !== undefined;
  return {
    name: old.name,
    numbers: merge(old.numbers, fresh.numbers),
    codes,
    pool: [],
    ...(hasRange && { lows: merge(old.lows, fresh.lows), highs: merge(old.highs, fresh.highs) }),
  };
}

function copyCell(from: ResultColumn, row: number, to: ColumnBuilder, place: number): void {
  const value: JsonValue | undefined = cellAt(from, row);
  if (value !== undefined) to.set(place, value, rangeAt(from, row));
}

function rangeAt({ lows, highs }: ResultColumn, row: number): MetricRange | undefined {
  const [low = NaN, high = NaN] = [lows?.[row], highs?.[row]];
  return Number.isNaN(low) ? undefined : { low, high };
}
