import type { Derived } from './derive';

/** A line of the table: a task, or a group of tasks that is averaged. */
export interface Line {
  /** Places in the table. */
  readonly rows: readonly number[];
  /** Of a group: those that its averages are over. */
  readonly counted?: readonly number[];
}

/** The lines of the table, top to bottom. Of 100,000 tasks only those exist that somebody looks at. */
export class TableLines {
  readonly length: number;

  constructor(private readonly derived: Pick<Derived, 'rows' | 'groups'>) {
    this.length = (derived.groups ?? derived.rows).length;
  }

  /** @param index - from 0; a line without rows beyond the last */
  at(index: number): Line {
    const { groups, rows } = this.derived;
    if (groups) return groups[index] ?? { rows: [] };
    const row = rows[index];
    return { rows: row === undefined ? [] : [row] };
  }

  /** The line that a row is in, or -1. */
  indexOf(row: number): number {
    const { groups, rows } = this.derived;
    return groups ? groups.findIndex((group) => group.rows.includes(row)) : rows.indexOf(row);
  }

  /** About so many lines, evenly chosen. */
  some(most: number): Line[] {
    const count = Math.min(most, this.length);
    return Array.from({ length: count }, (_, index) => this.at(Math.floor((index * this.length) / count)));
  }

  /** The rows of all lines, in their order. */
  get rows(): readonly number[] {
    return this.derived.rows;
  }
}
