import type { JsonValue } from '../sweep/value';
import type { ResultColumn } from './resultTable';
import { ValuePool } from './valuePool';

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
  private readonly pool = new ValuePool();

  constructor(
    readonly name: string,
    size: number,
  ) {
    this.numbers = new Float64Array(size).fill(NaN);
    this.codes = new Uint32Array(size);
  }

  get size(): number {
    return this.codes.length;
  }

  /** The first row from this one on that holds something. */
  firstFrom(from: number): number | undefined {
    for (let row = from; row < this.codes.length; row++) if (this.codes[row] !== 0) return row;
    return undefined;
  }

  /** Whether it holds numbers and nothing else, at least one. Truth values and nulls do not count. */
  get isNumeric(): boolean {
    for (const value of this.pool.held()) if (typeof value !== 'boolean' && value !== null) return false;
    return this.codes.includes(1);
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
    const before = this.codes[row] ?? 0;
    const isNumber = typeof value === 'number';
    this.numbers[row] = isNumber ? value : NaN;
    this.codes[row] = isNumber ? 1 : this.pool.hold(value) + 2;
    if (before > 1) this.pool.release(before - 2);
    if (range) {
      this.lows ??= new Float64Array(this.size).fill(NaN);
      this.highs ??= new Float64Array(this.size).fill(NaN);
    }
    if (this.lows) this.lows[row] = range?.low ?? NaN;
    if (this.highs) this.highs[row] = range?.high ?? NaN;
  }

  clear(row: number): void {
    const before = this.codes[row] ?? 0;
    if (before === 0) return;
    if (before > 1) this.pool.release(before - 2);
    this.codes[row] = 0;
    this.numbers[row] = NaN;
    if (this.lows) this.lows[row] = NaN;
    if (this.highs) this.highs[row] = NaN;
  }

  /**
   * As it is now, with the values that its rows have and no others; later changes do not show in it.
   *
   * @param rows - only these, in this order
   */
  build(rows?: readonly number[]): ResultColumn {
    const numbers = (all: Float64Array): Float64Array =>
      rows ? Float64Array.from(rows, (row) => all[row] ?? NaN) : all.slice();
    const codes = rows ? Uint32Array.from(rows, (row) => this.codes[row] ?? 0) : this.codes.slice();
    return {
      name: this.name,
      numbers: numbers(this.numbers),
      codes,
      pool: this.pool.size === 0 ? [] : takeValues(codes, this.pool),
      ...(this.lows && { lows: numbers(this.lows) }),
      ...(this.highs && { highs: numbers(this.highs) }),
    };
  }
}

/** The values that some codes stand for, in the order in which they are met. The codes are changed to their new places. */
function takeValues(codes: Uint32Array, pool: ValuePool): JsonValue[] {
  const taken: JsonValue[] = [];
  const codeOf = new Map<number, number>();
  for (const [row, code] of codes.entries()) {
    if (code < 2) continue;
    let fresh = codeOf.get(code);
    if (fresh === undefined) {
      fresh = taken.push(pool.at(code - 2)) + 1;
      codeOf.set(code, fresh);
    }
    codes[row] = fresh;
  }
  return taken;
}

function largerNumbers(old: Float64Array, size: number): Float64Array {
  const fresh = new Float64Array(size).fill(NaN);
  fresh.set(old);
  return fresh;
}
