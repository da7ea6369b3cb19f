import type { JsonValue } from '../sweep/value';

// Strings are matched so that words inside them are passed over.
const STRING_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gsu;

// JSON has numbers beyond the range of doubles, which every reader takes for infinite, but nothing for NaN.
const STAND_INS = new Map([
  ['Infinity', '1e999'],
  ['-Infinity', '-1e999'],
  ['NaN', String.raw`"\u0000NaN"`],
]);

/**
 * Reads JSON with the words `NaN`, `Infinity` and `-Infinity`, which Python writes though JSON has them not.
 *
 * @throws SyntaxError when it is not JSON either way
 * @see https://docs.python.org/3/library/json.html#infinite-and-nan-number-values
 */
export function parsePythonJson(text: string): JsonValue {
  const plain = text.replace(STRING_OR_WORD, (token) => STAND_INS.get(token) ?? token);
  return JSON.parse(plain, (_key, value: unknown) => (value === '\u0000NaN' ? NaN : value)) as JsonValue;
}
