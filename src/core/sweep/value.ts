/** A number with the text it was written with: programs are given the text, so that `1.0` stays `1.0`. */
export interface NumberValue {
  readonly number: number;
  readonly text: string;
}

/** What a parameter can be set to. A map is a {@link ReadonlyMap}, so that it cannot be taken for a number. */
export type ParameterValue =
  null | boolean | string | NumberValue | readonly ParameterValue[] | ReadonlyMap<string, ParameterValue>;

/** One combination: dotted parameter name → value, in the order of the sweep file. */
export type Parameters = ReadonlyMap<string, ParameterValue>;

/** The same as plain JSON. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
