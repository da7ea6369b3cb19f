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

interface Growth {
  readonly features: readonly Float64Array[];
  readonly target: Float64Array;
  readonly gains: Float64Array;
  readonly random: () => number;
}

/** A leaf has no children. Rows with a value up to `limit` go to `low`. */
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
 * Grows regression trees on samples of the rows, each split looking at a third of the features, or three. The same input gives the
 * same forest.
 */
export function growForest(features: readonly Float64Array[], target: Float64Array): Forest {
  const random = seededRandom(20240917);
  const gains = new Float64Array(features.length);
  const growth: Growth = { features, target, gains, random };
  const rows = target.length;
  const sums = new Float64Array(rows);
  const counts = new Float64Array(rows);
  for (let tree = 0; tree < TREES; tree++) {
    const used = new Uint8Array(rows);
    const sample = Array.from({ length: rows }, () => {
      const row = Math.floor(random() * rows);
      used[row] = 1;
      return row;
    });
    const root = grow(growth, sample, 0);
    for (let row = 0; row < rows; row++) {
      if (used[row] === 1) continue;
      sums[row] = (sums[row] ?? 0) + predict(root, features, row);
      counts[row] = (counts[row] ?? 0) + 1;
    }
  }
  return { gains, fit: fitOf(target, sums, counts) };
}

function grow(growth: Growth, rows: readonly number[], depth: number): TreeNode {
  const mean = meanOf(growth.target, rows);
  if (depth >= MAX_DEPTH || rows.length < 2 * MIN_LEAF) return { mean };
  const best = bestSplit(growth, rows);
  if (!best) return { mean };
  growth.gains[best.feature] = (growth.gains[best.feature] ?? 0) + best.gain;
  const values = growth.features[best.feature];
  const isLow = (row: number): boolean => (values?.[row] ?? 0) <= best.limit;
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

function bestSplit(growth: Growth, rows: readonly number[]): Split | undefined {
  const { features, random } = growth;
  const wanted = Math.max(3, Math.ceil(features.length / 3));
  const order = features.map((_, index) => ({ index, key: random() })).sort((a, b) => a.key - b.key);
  let best: Split | undefined;
  for (const [tried, { index }] of order.entries()) {
    // Features that do not differ here give no split; then the next one is looked at.
    if (tried >= wanted && best) break;
    const split = splitOn(growth, rows, index);
    if (split && split.gain > (best?.gain ?? 0)) best = split;
  }
  return best;
}

/** The limit that lowers the sum of squared differences most, in one walk over the sorted rows. */
function splitOn({ features, target }: Growth, rows: readonly number[], feature: number): Split | undefined {
  const values = features[feature];
  if (!values) return undefined;
  const sorted = [...rows].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  let total = 0;
  for (const row of rows) total += target[row] ?? 0;
  let lowSum = 0;
  let best: Split | undefined;
  for (let i = 0; i < sorted.length - 1; i++) {
    lowSum += target[sorted[i] ?? 0] ?? 0;
    const value = values[sorted[i] ?? 0] ?? 0;
    const next = values[sorted[i + 1] ?? 0] ?? 0;
    const low = i + 1;
    const high = sorted.length - low;
    if (value === next || low < MIN_LEAF || high < MIN_LEAF) continue;
    const gain = lowSum ** 2 / low + (total - lowSum) ** 2 / high - total ** 2 / sorted.length;
    if (gain > (best?.gain ?? 1e-12)) best = { feature, limit: (value + next) / 2, gain };
  }
  return best;
}

function predict(root: TreeNode, features: readonly Float64Array[], row: number): number {
  let node = root;
  while (node.split) {
    const { feature, limit, low, high } = node.split;
    node = (features[feature]?.[row] ?? 0) <= limit ? low : high;
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

function meanOf(target: Float64Array, rows: readonly number[]): number {
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
