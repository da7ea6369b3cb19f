import { growForest, type Forest } from './randomForest';
import type { ColumnAccess } from './tableColumns';

/** How much one parameter has to do with a metric. */
export interface Importance {
  readonly name: string;
  /** Share of the variance that the forest explains by it; the shares of all parameters add up to 1. */
  readonly share: number;
  /** Rank correlation after Spearman, -1 to 1; NaN for parameters that are no numbers. */
  readonly correlation: number;
}

/** Importances, the largest first, with what they rest on. */
export interface ImportanceReport {
  readonly importances: readonly Importance[];
  /** Tasks that count: those that have the metric. */
  readonly tasks: number;
  /** How well the forest predicts tasks that it was not grown on, at most 1; below about 0.3 the shares mean little. */
  readonly fit: number;
}

/** Fewer tell nothing. */
export const MIN_TASKS = 5;
/** More add nothing but time; then an even selection is taken. */
const MAX_TASKS = 3000;

/**
 * What a metric depends on. Says nothing about causes, and of parameters that were swept together only what the forest
 * happened to use. The order of the rows does not matter. Goes by ranks: one task that diverged would outweigh all others
 * by its value, and an infinite one could not be counted at all. Yields now and then while it grows: see
 * {@link growForest}.
 *
 * @returns undefined for fewer than five tasks with the metric, or when no parameter differs among them
 */
export function* importanceOf(
  rows: readonly number[],
  parameters: readonly ColumnAccess[],
  metric: ColumnAccess,
): Generator<void, ImportanceReport | undefined, void> {
  const usable = ascending(rows).filter((row) => !Number.isNaN(metric.number(row)));
  const stride = Math.max(1, Math.ceil(usable.length / MAX_TASKS));
  const chosen = usable.filter((_, index) => index % stride === 0);
  const features: Feature[] = [];
  for (const column of parameters) {
    features.push(featureOf(column, chosen));
    yield;
  }
  const differing = features.filter(({ values }) => new Set(values).size > 1);
  if (chosen.length < MIN_TASKS || differing.length === 0) return undefined;
  const ranks = ranksOf(chosen.map((row) => metric.number(row)));
  const forest = yield* growForest(
    differing.map(({ values }) => values),
    ranks,
  );
  const importances = differing.map(({ name, values, isNumeric }, index) => ({
    name,
    share: shareOf(forest, index),
    correlation: isNumeric ? correlation(ranksOf(values), ranks) : NaN,
  }));
  return {
    importances: importances.sort((a, b) => b.share - a.share),
    tasks: chosen.length,
    fit: forest.fit,
  };
}

/** Rows and their values of the metric as one number, to see whether {@link importanceOf} would tell something new. */
export function importancePrint(rows: readonly number[], metric: ColumnAccess | undefined): number {
  const bits = new DataView(new ArrayBuffer(8));
  let hash = rows.length;
  for (const row of ascending(rows)) {
    bits.setFloat64(0, metric?.number(row) ?? NaN);
    hash = Math.imul(hash ^ row, 0x01000193);
    hash = Math.imul(hash ^ bits.getInt32(0), 0x01000193);
    hash = Math.imul(hash ^ bits.getInt32(4), 0x01000193);
  }
  return hash;
}

/** The forest is grown on samples by place: the table's order must not change what it finds. */
function ascending(rows: readonly number[]): number[] {
  return [...rows].sort((a, b) => a - b);
}

function shareOf({ gains }: Forest, index: number): number {
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return total === 0 ? 0 : (gains[index] ?? 0) / total;
}

interface Feature {
  readonly name: string;
  readonly values: Float64Array;
  readonly isNumeric: boolean;
}

/** Texts become numbers in the order in which they are met: trees only split them. */
function featureOf(column: ColumnAccess, rows: readonly number[]): Feature {
  const isNumeric = rows.every((row) => !Number.isNaN(column.number(row)));
  const places = new Map<string, number>();
  const placeOf = (row: number): number => {
    const key = JSON.stringify(column.cell(row) ?? null);
    const place = places.get(key) ?? places.size;
    places.set(key, place);
    return place;
  };
  return {
    name: column.id,
    isNumeric,
    values: Float64Array.from(rows, (row) => (isNumeric ? column.number(row) : placeOf(row))),
  };
}

/** Spearman's: the correlation of the ranks, ties sharing their mean rank. */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return correlation(ranksOf(a), ranksOf(b));
}

function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, index) => index).sort((i, j) =>
    compare(values[i] ?? 0, values[j] ?? 0),
  );
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to++;
    for (let i = from; i < to; i++) ranks[order[i] ?? 0] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}

/** By subtracting, two infinities would be no order at all. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function correlation(a: Float64Array, b: Float64Array): number {
  const meanOf = (values: Float64Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] ?? 0) - meanA, (b[i] ?? 0) - meanB];
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return squaresA === 0 || squaresB === 0 ? NaN : both / Math.sqrt(squaresA * squaresB);
}
