import type { ParameterValue } from './value';

/** How a random parameter is drawn. Bounds of `int` belong to the range. */
export type Distribution =
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'log_uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'int'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'choice'; readonly values: readonly ParameterValue[] };
