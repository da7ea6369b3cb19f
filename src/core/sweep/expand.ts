import type { Problem } from './problem';
import type { Sweep } from './sweep';
import type { Parameters } from './value';

/** All combinations of a sweep, in order, computed when asked for. */
export interface Expansion extends Iterable<Parameters> {
  /** How many there are, without duplicates and excluded ones. */
  readonly count: number;
  /** Every parameter that some combination sets, in the order of the sweep file: defaults, grid, paired, random, include. */
  readonly parameterNames: readonly string[];
  /** What was dropped, and clauses that match nothing. An error when nothing is left. */
  readonly notices: readonly Problem[];
  /**
   * The combination of task number `position + 1`. Costs microseconds whatever the size of the sweep.
   *
   * @throws RangeError outside `0 … count - 1`
   */
  at(position: number): Parameters;
}

/** Expands a sweep: counted at once, combinations on demand. */
export function expand(sweep: Sweep): Expansion {
  throw new Error(`not written yet: ${String(sweep.axes.length)}`);
}
