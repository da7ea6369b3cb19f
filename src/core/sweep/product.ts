import { boxOf, RowIndex, type Box } from './excludeBox';
import type { Rows } from './rows';
import type { Clause } from './sweep';
import type { Parameters } from './value';

/** Steps that counting may take, about a second; only a good many clauses that cross each other need more. */
const MAX_STEPS = 1_000_000;

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

/**
 * What is left of the dimensions from some level on, given which boxes the rows chosen so far still fit. Every row
 * leads to `next`, but for the special ones.
 */
interface Node {
  readonly count: number;
  /** Of this level's dimension. */
  readonly rows: number;
  readonly next: Node | undefined;
  readonly nextCount: number;
  readonly special: SpecialRows | undefined;
}

interface SpecialRows {
  /** Ascending. */
  readonly rows: readonly number[];
  readonly nodes: readonly Node[];
  /** By how many combinations the special rows before each one, and before the end, differ from ordinary ones. */
  readonly surplus: Float64Array;
}

const END: Node = { count: 1, rows: 0, next: undefined, nextCount: 1, special: undefined };
const DEAD: Node = { ...END, count: 0 };

/** @returns undefined when the clauses are too entangled to count */
export function buildProduct(
  dimensions: readonly Rows[],
  fixed: Parameters,
  exclude: readonly Clause[],
): Product | undefined {
  const index = new RowIndex(dimensions);
  const boxes = exclude.map((clause) => boxOf(clause, index, fixed));
  const matching = boxes.filter((box) => box !== undefined);
  const root = new NodeBuilder(dimensions, matching).build();
  const clauseMatches = boxes.map((box) => box !== undefined);
  return root && new DiagramProduct(dimensions.length, root, clauseMatches);
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
      const digit = node.special ? rowAt(node, node.special, rest) : Math.floor(rest / node.nextCount);
      rest -= node.special ? before(node, node.special, digit) : digit * node.nextCount;
      digits[level] = digit;
      node = follow(node, digit);
    }
  }

  contains(digits: readonly number[]): boolean {
    let node = this.root;
    for (const digit of digits) {
      if (node.count === 0) return false;
      node = follow(node, digit);
    }
    return node.count > 0;
  }
}

function follow({ next = END, special }: Node, digit: number): Node {
  if (!special) return next;
  const index = firstNotBelow(special.rows, digit);
  return special.rows[index] === digit ? (special.nodes[index] ?? DEAD) : next;
}

/** Combinations before a row. */
function before({ nextCount }: Node, { rows, surplus }: SpecialRows, row: number): number {
  return row * nextCount + (surplus[firstNotBelow(rows, row)] ?? 0);
}

/** The last row with no more than `position` combinations before it; empty rows share theirs with the next one. */
function rowAt(node: Node, special: SpecialRows, position: number): number {
  let [low, high] = [0, node.rows - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (before(node, special, middle) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The index of the first number that is not below `wanted`; the length when all are. */
function firstNotBelow(numbers: readonly number[], wanted: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
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
    const node = this.make(level, active, dimension.length);
    this.nodes.set(key, node);
    return node;
  }

  private make(level: number, active: readonly number[], rows: number): Node {
    const silent = active.filter((box) => !this.boxes[box]?.fits[level]);
    const next = this.node(level + 1, silent);
    const byRow = this.fittingByRow(level, active);
    this.steps += 1 + active.length;
    if (byRow.size === 0)
      return { count: rows * next.count, rows, next, nextCount: next.count, special: undefined };
    const special = this.special(level, silent, next.count, byRow);
    const count = rows * next.count + (special.surplus.at(-1) ?? 0);
    return { count, rows, next, nextCount: next.count, special };
  }

  private special(
    level: number,
    silent: readonly number[],
    ordinary: number,
    byRow: ReadonlyMap<number, readonly number[]>,
  ): SpecialRows {
    const rows = [...byRow.keys()].sort((a, b) => a - b);
    const nodes = rows.map((row) => this.afterRow(level, silent, byRow.get(row) ?? []));
    const surplus = new Float64Array(rows.length + 1);
    nodes.forEach((node, index) => {
      surplus[index + 1] = (surplus[index] ?? 0) + node.count - ordinary;
    });
    return { rows, nodes, surplus };
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
