/** What a forest found out. */
export interface Forest {
  /** How much each feature lowers the variance, over all trees. */
  readonly gains: Float64Array;
  /** 1 minus the error on tasks that a tree was not grown on, over the variance. At most 1. */
  readonly fit: number;
}

const TREES = 60;
const MAX_DEPTH = 12;
const MIN_LEAF = 2;
/** Values of a feature between which a split can lie; more are put together into as many of about one size. */
const MAX_BINS = 128;

interface Growth {
  /** For each feature, the bin of each row. */
  readonly bins: readonly Uint8Array[];
  readonly target: Float64Array;
  readonly gains: Float64Array;
  readonly random: () => number;
  /** Scratch space: how many rows of a node lie in each bin, and the sum of their targets. */
  readonly counts: Float64Array;
  readonly sums: Float64Array;
}

/** A leaf has no children. Rows up to bin `limit` go to `low`. */
interface TreeNode {
  readonly mean: number;
  readonly split?: {
    readonly feature: number;
    readonly limit: number;
    readonly low: TreeNode;
    readonly high: TreeNode;
  };
}

/**
 * Grows regression trees on samples of the rows, each split looking at a third of the features, or three. The same input
 * gives the same forest. Yields after each tree, so that whoever has other things to do can do them in between.
 */
export function* growForest(
  features: readonly Float64Array[],
  target: Float64Array,
): Generator<void, Forest, void> {
  const random = seededRandom(20240917);
  const gains = new Float64Array(features.length);
  const scratch = { counts: new Float64Array(MAX_BINS), sums: new Float64Array(MAX_BINS) };
  const growth: Growth = { bins: features.map(binsOf), target, gains, random, ...scratch };
  const rows = target.length;
  const sums = new Float64Array(rows);
  const counts = new Float64Array(rows);
  for (let tree = 0; tree < TREES; tree++) {
    const used = new Uint8Array(rows);
    const sample = Int32Array.from({ length: rows }, () => {
      const row = Math.floor(random() * rows);
      used[row] = 1;
      return row;
    });
    const root = grow(growth, sample, 0);
    for (let row = 0; row < rows; row++) {
      if (used[row] === 1) continue;
      sums[row] = (sums[row] ?? 0) + predict(root, growth.bins, row);
      counts[row] = (counts[row] ?? 0) + 1;
    }
    yield;
  }
  return { gains, fit: fitOf(target, sums, counts) };
}

/** Sorted once for all trees: the place of each row's value among the different ones. */
function binsOf(values: Float64Array): Uint8Array {
  const sorted = Float64Array.from(new Set(values)).sort();
  const perBin = sorted.length <= MAX_BINS ? 1 : sorted.length / MAX_BINS;
  const binByValue = new Map(Array.from(sorted, (value, place) => [value, Math.floor(place / perBin)]));
  return Uint8Array.from(values, (value) => binByValue.get(value) ?? 0);
}

function grow(growth: Growth, rows: Int32Array, depth: number): TreeNode {
  const mean = meanOf(growth.target, rows);
  if (depth >= MAX_DEPTH || rows.length < 2 * MIN_LEAF) return { mean };
  const best = bestSplit(growth, rows);
  if (!best) return { mean };
  growth.gains[best.feature] = (growth.gains[best.feature] ?? 0) + best.gain;
  const bins = growth.bins[best.feature];
  const isLow = (row: number): boolean => (bins?.[row] ?? 0) <= best.limit;
  const low = grow(growth, rows.filter(isLow), depth + 1);
  const high = grow(
    growth,
    rows.filter((row) => !isLow(row)),
    depth + 1,
  );
  return { mean, split: { feature: best.feature, limit: best.limit, low, high } };
}

interface Split {
  readonly feature: number;
  readonly limit: number;
  readonly gain: number;
}

function bestSplit(growth: Growth, rows: Int32Array): Split | undefined {
  const { bins, random } = growth;
  const wanted = Math.max(3, Math.ceil(bins.length / 3));
  const order = bins.map((_, index) => ({ index, key: random() })).sort((a, b) => a.key - b.key);
  let best: Split | undefined;
  for (const [tried, { index }] of order.entries()) {
    // Features that do not differ here give no split; then the next one is looked at.
    if (tried >= wanted && best) break;
    const split = splitOn(growth, rows, index);
    if (split && split.gain > (best?.gain ?? 0)) best = split;
  }
  return best;
}

/** The limit that lowers the sum of squared differences most, in one walk over the rows and one over the bins. */
function splitOn(
  { bins, target, counts, sums }: Growth,
  rows: Int32Array,
  feature: number,
): Split | undefined {
  const places = bins[feature];
  if (!places) return undefined;
  counts.fill(0);
  sums.fill(0);
  let total = 0;
  for (const row of rows) {
    const bin = places[row] ?? 0;
    const value = target[row] ?? 0;
    counts[bin] = (counts[bin] ?? 0) + 1;
    sums[bin] = (sums[bin] ?? 0) + value;
    total += value;
  }
  let low = 0;
  let lowSum = 0;
  let best: Split | undefined;
  for (let bin = 0; bin < MAX_BINS; bin++) {
    const count = counts[bin] ?? 0;
    if (count === 0) continue;
    low += count;
    lowSum += sums[bin] ?? 0;
    const high = rows.length - low;
    if (high < MIN_LEAF) break;
    if (low < MIN_LEAF) continue;
    const gain = lowSum ** 2 / low + (total - lowSum) ** 2 / high - total ** 2 / rows.length;
    if (gain > (best?.gain ?? 1e-9)) best = { feature, limit: bin, gain };
  }
  return best;
}

function predict(root: TreeNode, bins: readonly Uint8Array[], row: number): number {
  let node = root;
  while (node.split) {
    const { feature, limit, low, high } = node.split;
    node = (bins[feature]?.[row] ?? 0) <= limit ? low : high;
  }
  return node.mean;
}

function fitOf(target: Float64Array, sums: Float64Array, counts: Float64Array): number {
  const mean = target.reduce((sum, value) => sum + value, 0) / target.length;
  let error = 0;
  let variance = 0;
  for (let row = 0; row < target.length; row++) {
    if (counts[row] === 0) continue;
    const value = target[row] ?? 0;
    error += (value - (sums[row] ?? 0) / (counts[row] ?? 1)) ** 2;
    variance += (value - mean) ** 2;
  }
  return variance === 0 ? 0 : 1 - error / variance;
}

function meanOf(target: Float64Array, rows: Int32Array): number {
  let sum = 0;
  for (const row of rows) sum += target[row] ?? 0;
  return sum / rows.length;
}

/** Mulberry32: the same numbers everywhere. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
