import type { Rows } from './rows';
import type { Clause } from './sweep';
import type { Parameters } from './value';
import { valueKey } from './valueKey';

/** Steps that counting may take before it is given up; only thousands of entangled clauses need more. */
const MAX_STEPS = 20_000_000;

/**
 * The combinations of several dimensions without those that a clause excludes, counted and addressed by position
 * without listing them. The first dimension changes slowest.
 */
export interface Product {
  /** Combinations that are left. */
  readonly count: number;
  /** For each exclude clause whether it matches any combination. */
  readonly clauseMatches: readonly boolean[];
  /** Writes the row numbers, one per dimension, of the combination at a position below `count`. */
  digitsAt(position: number, digits: number[]): void;
  /** Whether the combination with these row numbers is left. */
  contains(digits: readonly number[]): boolean;
}

/** A clause by dimension: the rows that fit it. Undefined: it says nothing about the dimension. */
interface Box {
  readonly fits: readonly (ReadonlySet<number> | undefined)[];
  /** The last dimension that it speaks of; -1 when it fits every combination. */
  readonly last: number;
}

/**
 * What is left of the dimensions from some level on, given which boxes the rows chosen so far still fit. All rows lead
 * to the same `next` unless `choices` tells them apart.
 */
interface Node {
  readonly count: number;
  /** The node after each row when all rows lead to the same one, with its count. */
  readonly next: Node | undefined;
  readonly nextCount: number;
  /** The node after each row, and how many combinations come before the row. */
  readonly choices: readonly Node[] | undefined;
  readonly before: Float64Array | undefined;
}

const END: Node = { count: 1, next: undefined, nextCount: 1, choices: undefined, before: undefined };
const DEAD: Node = { ...END, count: 0 };

/** @returns undefined when the clauses are too entangled to count */
export function buildProduct(
  dimensions: readonly Rows[],
  fixed: Parameters,
  exclude: readonly Clause[],
): Product | undefined {
  const index = new RowIndex(dimensions);
  const boxes = exclude.map((clause) => boxOf(clause, index, fixed));
  const root = new NodeBuilder(
    dimensions,
    boxes.filter((box) => box !== undefined),
  ).build();
  return (
    root &&
    new DiagramProduct(
      dimensions.length,
      root,
      boxes.map((box) => box !== undefined),
    )
  );
}

class DiagramProduct implements Product {
  readonly count: number;

  constructor(
    private readonly depth: number,
    private readonly root: Node,
    readonly clauseMatches: readonly boolean[],
  ) {
    this.count = root.count;
  }

  digitsAt(position: number, digits: number[]): void {
    let node = this.root;
    let rest = position;
    for (let level = 0; level < this.depth; level++) {
      const { before, nextCount } = node;
      const digit = before ? lastNotAbove(before, rest) : Math.floor(rest / nextCount);
      rest -= before ? (before[digit] ?? 0) : digit * nextCount;
      digits[level] = digit;
      node = follow(node, digit);
    }
  }

  contains(digits: readonly number[]): boolean {
    return digits.reduce(follow, this.root).count > 0;
  }
}

function follow(node: Node, digit: number): Node {
  return (node.choices ? node.choices[digit] : node.next) ?? END;
}

/** The greatest index whose number is not above `wanted`; of equal numbers the last. */
function lastNotAbove(numbers: Float64Array, wanted: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((numbers[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Finds rows by the value of one parameter. */
class RowIndex {
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

/** Undefined when the clause can match nothing. */
function boxOf({ parameters }: Clause, index: RowIndex, fixed: Parameters): Box | undefined {
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

/** Builds the decision diagram; equal situations share a node, so that its size follows the clauses, not the product. */
class NodeBuilder {
  private readonly nodes = new Map<string, Node>();
  private steps = 0;

  constructor(
    private readonly dimensions: readonly Rows[],
    private readonly boxes: readonly Box[],
  ) {}

  build(): Node | undefined {
    if (this.boxes.some((box) => box.last < 0)) return DEAD;
    const root = this.node(
      0,
      this.boxes.map((_, index) => index),
    );
    return this.steps > MAX_STEPS ? undefined : root;
  }

  /** @param active - the boxes that the rows chosen so far fit */
  private node(level: number, active: readonly number[]): Node {
    const dimension = this.dimensions[level];
    if (!dimension) return END;
    const key = `${String(level)}:${active.join()}`;
    const known = this.nodes.get(key);
    if (known || this.steps > MAX_STEPS) return known ?? DEAD;
    const asks = active.some((box) => this.boxes[box]?.fits[level]);
    const node = asks ? this.choosing(level, active, dimension) : this.passing(level, active, dimension);
    this.nodes.set(key, node);
    return node;
  }

  private passing(level: number, active: readonly number[], dimension: Rows): Node {
    this.steps += 1;
    const next = this.node(level + 1, active);
    return { ...END, count: dimension.length * next.count, next, nextCount: next.count };
  }

  private choosing(level: number, active: readonly number[], dimension: Rows): Node {
    const silent = active.filter((box) => !this.boxes[box]?.fits[level]);
    const byRow = this.fittingByRow(level, active);
    // Rows that fit no clause which speaks of this dimension are all alike.
    const rest = this.node(level + 1, silent);
    const before = new Float64Array(dimension.length);
    let count = 0;
    const choices = Array.from({ length: dimension.length }, (_, row) => {
      const fitting = byRow.get(row);
      const node = fitting ? this.afterRow(level, silent, fitting) : rest;
      before[row] = count;
      count += node.count;
      return node;
    });
    this.steps += dimension.length;
    return { ...END, count, choices, before };
  }

  private afterRow(level: number, silent: readonly number[], fitting: readonly number[]): Node {
    this.steps += silent.length + fitting.length;
    const excluded = fitting.some((box) => this.boxes[box]?.last === level);
    return excluded
      ? DEAD
      : this.node(
          level + 1,
          [...silent, ...fitting].sort((a, b) => a - b),
        );
  }

  private fittingByRow(level: number, active: readonly number[]): Map<number, number[]> {
    const byRow = new Map<number, number[]>();
    for (const box of active) {
      for (const row of this.boxes[box]?.fits[level] ?? []) {
        const fitting = byRow.get(row);
        if (fitting) fitting.push(box);
        else byRow.set(row, [box]);
      }
    }
    return byRow;
  }
}
