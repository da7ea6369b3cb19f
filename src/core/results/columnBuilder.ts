import type { JsonValue } from '../sweep/value';
import type { ResultColumn } from './resultTable';

/** Smallest and largest value that a metric had by step. */
export interface MetricRange {
  readonly low: number;
  readonly high: number;
}

/** A column that is being filled, in any order. Rows are counted from 0; a cell that was not set is empty. */
export class ColumnBuilder {
  private numbers: Float64Array;
  private codes: Uint32Array;
  private lows: Float64Array | undefined;
  private highs: Float64Array | undefined;
  private readonly pool: JsonValue[] = [];
  private readonly places = new Map<string, number>();

  constructor(
    readonly name: string,
    size: number,
  ) {
    this.numbers = new Float64Array(size).fill(NaN);
    this.codes = new Uint32Array(size);
  }

  /** Goes on with a column that was built. */
  static of(column: ResultColumn): ColumnBuilder {
    const builder = new ColumnBuilder(column.name, 0);
    builder.numbers = column.numbers.slice();
    builder.codes = column.codes.slice();
    builder.lows = column.lows?.slice();
    builder.highs = column.highs?.slice();
    for (const value of column.pool) builder.placeOf(value);
    return builder;
  }

  get size(): number {
    return this.codes.length;
  }

  /** Adds empty rows at the end. */
  grow(size: number): void {
    if (size <= this.size) return;
    this.numbers = largerNumbers(this.numbers, size);
    this.lows &&= largerNumbers(this.lows, size);
    this.highs &&= largerNumbers(this.highs, size);
    const codes = new Uint32Array(size);
    codes.set(this.codes);
    this.codes = codes;
  }

  set(row: number, value: JsonValue, range?: MetricRange): void {
    const isNumber = typeof value === 'number';
    this.numbers[row] = isNumber ? value : NaN;
    this.codes[row] = isNumber ? 1 : this.placeOf(value) + 2;
    if (range) {
      this.lows ??= new Float64Array(this.size).fill(NaN);
      this.highs ??= new Float64Array(this.size).fill(NaN);
    }
    if (this.lows) this.lows[row] = range?.low ?? NaN;
    if (this.highs) this.highs[row] = range?.high ?? NaN;
  }

  /** Sets a cell to what a cell of another column has. */
  copy(row: number, column: ResultColumn, from: number): void {
    const code = column.codes[from] ?? 0;
    if (code === 0) {
      this.clear(row);
      return;
    }
    const low = column.lows?.[from] ?? NaN;
    const high = column.highs?.[from] ?? NaN;
    const value = code === 1 ? (column.numbers[from] ?? NaN) : (column.pool[code - 2] ?? null);
    this.set(row, value, Number.isNaN(low) ? undefined : { low, high });
  }

  clear(row: number): void {
    if (this.codes[row] === 0) return;
    this.codes[row] = 0;
    this.numbers[row] = NaN;
    if (this.lows) this.lows[row] = NaN;
    if (this.highs) this.highs[row] = NaN;
  }

  /**
   * As it is now; later changes do not show in it.
   *
   * @param rows - only these, in this order
   */
  build(rows?: readonly number[]): ResultColumn {
    const numbers = (all: Float64Array): Float64Array =>
      rows ? Float64Array.from(rows, (row) => all[row] ?? NaN) : all.slice();
    return {
      name: this.name,
      numbers: numbers(this.numbers),
      codes: rows ? Uint32Array.from(rows, (row) => this.codes[row] ?? 0) : this.codes.slice(),
      pool: [...this.pool],
      ...(this.lows && { lows: numbers(this.lows) }),
      ...(this.highs && { highs: numbers(this.highs) }),
    };
  }

  private placeOf(value: JsonValue): number {
    const key = JSON.stringify(value);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.places.set(key, this.pool.length);
    return this.pool.push(value) - 1;
  }
}

function largerNumbers(old: Float64Array, size: number): Float64Array {
  const fresh = new Float64Array(size).fill(NaN);
  fresh.set(old);
  return fresh;
}
