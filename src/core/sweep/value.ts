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

/** The value as plain JSON. Infinities and NaN, which JSON cannot say, become the texts `inf`, `-inf` and `nan`. */
export function toJson(value: ParameterValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(toJson);
  if (isMap(value)) return Object.fromEntries([...value].map(([key, item]) => [key, toJson(item)]));
  return Number.isFinite(value.number) ? value.number : value.text;
}

/** A combination as plain JSON. */
export function parametersToJson(parameters: Parameters): Record<string, JsonValue> {
  return Object.fromEntries([...parameters].map(([name, value]) => [name, toJson(value)]));
}

export function isList(value: ParameterValue): value is readonly ParameterValue[] {
  return Array.isArray(value);
}

export function isMap(value: ParameterValue): value is ReadonlyMap<string, ParameterValue> {
  return value instanceof Map;
}

export function isNumber(value: ParameterValue): value is NumberValue {
  return typeof value === 'object' && value !== null && 'number' in value;
}
