import type { TextRange } from './problem';
import type { Distribution } from './random';
import type { RunOptions } from './runOptions';
import type { JsonValue, Parameters, ParameterValue } from './value';

/** One dimension of the product: a grid parameter, or a paired group whose parameters change together. */
export interface Axis {
  /** At least one. */
  readonly names: readonly string[];
  /** One list of values per name, all of the same length of at least one. */
  readonly columns: readonly (readonly ParameterValue[])[];
  /** Where it is written. */
  readonly range: TextRange;
}

/** The `random:` block. */
export interface RandomBlock {
  /** Draws wanted; equal draws count once. */
  readonly samples: number;
  readonly seed: number;
  readonly distributions: ReadonlyMap<string, Distribution>;
  readonly range: TextRange;
}

/** An `exclude` or `include` item: parameters with the values that they must have, or get. */
export interface Clause {
  readonly parameters: Parameters;
  readonly range: TextRange;
}

/**
 * A sweep file that was read: what varies, what is fixed, and how its tasks run. Use `expand` for the combinations.
 *
 * No two of defaults' overriding blocks (grid, paired, random) set the same parameter.
 */
export interface Sweep {
  /** Relative to the project's root. */
  readonly script?: string;
  /** Free; `description` (text) and `tags` (list) are shown. */
  readonly metadata: Readonly<Record<string, JsonValue>>;
  readonly run: RunOptions;
  /** Fixed parameters of every task; the other blocks override them. */
  readonly defaults: Parameters;
  /** Grid parameters, then paired groups; the first one changes slowest. */
  readonly axes: readonly Axis[];
  readonly random?: RandomBlock;
  readonly exclude: readonly Clause[];
  readonly include: readonly Clause[];
  readonly places: SweepPlaces;
}

/** Where things are written, for problems that are found after reading. */
export interface SweepPlaces {
  /** The first place of each parameter. */
  readonly parameters: ReadonlyMap<string, TextRange>;
  readonly command?: TextRange;
  /** The place to name when the whole file is meant. */
  readonly start: TextRange;
}
