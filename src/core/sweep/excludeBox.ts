import type { Rows } from './rows';
import type { Clause } from './sweep';
import type { Parameters } from './value';
import { valueKey } from './valueKey';

/** An exclude clause by dimension: the rows that fit it. Undefined: it says nothing about the dimension. */
export interface Box {
  readonly fits: readonly (ReadonlySet<number> | undefined)[];
  /** The last dimension that it speaks of; -1 when it fits every combination. */
  readonly last: number;
}

/** Finds rows by the value of one parameter. */
export class RowIndex {
  private readonly rowsByName = new Map<string, Map<string, number[]>>();

  constructor(readonly dimensions: readonly Rows[]) {}

  /** Rows of a dimension that fit all parameters of a clause; undefined when it names none of them. */
  fitting(dimension: Rows, parameters: Parameters): ReadonlySet<number> | undefined {
    let fitting: Set<number> | undefined;
    dimension.names.forEach((name, column) => {
      const value = parameters.get(name);
      if (value === undefined) return;
      const rows = this.rows(dimension, name, column).get(valueKey(value)) ?? [];
      fitting = new Set(fitting ? rows.filter((row) => fitting?.has(row)) : rows);
    });
    return fitting;
  }

  private rows(dimension: Rows, name: string, column: number): Map<string, number[]> {
    const known = this.rowsByName.get(name);
    if (known) return known;
    const rows = new Map<string, number[]>();
    for (let row = 0; row < dimension.length; row++) {
      const key = valueKey(dimension.row(row)[column] ?? null);
      const same = rows.get(key);
      if (same) same.push(row);
      else rows.set(key, [row]);
    }
    this.rowsByName.set(name, rows);
    return rows;
  }
}

/** The clause as a box; undefined when it can match nothing. */
export function boxOf({ parameters }: Clause, index: RowIndex, fixed: Parameters): Box | undefined {
  const fits = index.dimensions.map((dimension) => index.fitting(dimension, parameters));
  if (fits.some((rows) => rows?.size === 0)) return undefined;
  const varied = new Set(index.dimensions.flatMap((dimension) => dimension.names));
  for (const [name, value] of parameters) {
    if (varied.has(name)) continue;
    const fixedValue = fixed.get(name);
    if (fixedValue === undefined || valueKey(fixedValue) !== valueKey(value)) return undefined;
  }
  return { fits, last: fits.findLastIndex((rows) => rows !== undefined) };
}
