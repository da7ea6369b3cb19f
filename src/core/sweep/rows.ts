import { drawsOf, isDiscrete } from './random';
import type { Axis, RandomBlock } from './sweep';
import type { ParameterValue } from './value';
import { valueKey } from './valueKey';

/** One dimension of the product, without rows that are equal. */
export interface Rows {
  readonly names: readonly string[];
  readonly length: number;
  /** Rows that were equal to an earlier one. */
  readonly dropped: number;
  /** The values in the order of `names`. Drawn anew each time for a random block. */
  row(index: number): readonly ParameterValue[];
}

type Row = readonly ParameterValue[];

/** The rows of a grid parameter or paired group. */
export function axisRows({ names, columns }: Axis): Rows {
  const length = Math.min(...columns.map((column) => column.length));
  const all = Array.from({ length }, (_, index): Row => columns.map((column) => column[index] ?? null));
  const kept = withoutEqual(all);
  return { names, length: kept.length, dropped: length - kept.length, row: (index) => kept[index] ?? [] };
}

/** The rows of a random block. They are drawn when asked for, unless draws may be equal. */
export function randomRows({ samples, seed, distributions }: RandomBlock): Rows {
  const names = [...distributions.keys()];
  const draws = [...distributions].map(([name, distribution]) => drawsOf(distribution, seed, name));
  const draw = (index: number): Row => draws.map((one) => one(index));
  if (![...distributions.values()].every(isDiscrete))
    return { names, length: samples, dropped: 0, row: draw };
  const kept = withoutEqual(Array.from({ length: samples }, (_, index) => draw(index)));
  return { names, length: kept.length, dropped: samples - kept.length, row: (index) => kept[index] ?? [] };
}

/** The first row with these values; -1 when there is none. */
export function findRow(rows: Rows, values: Row): number {
  const wanted = rowKey(values);
  for (let index = 0; index < rows.length; index++) if (rowKey(rows.row(index)) === wanted) return index;
  return -1;
}

function withoutEqual(rows: readonly Row[]): Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = rowKey(row);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function rowKey(row: Row): string {
  return row.map(valueKey).join('|');
}
