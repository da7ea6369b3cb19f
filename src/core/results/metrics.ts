import type { JsonValue } from '../sweep/value';
import { parsePythonJson } from './pythonJson';

/** Names and last values, dotted where the program nested them. */
export type Metrics = Readonly<Record<string, JsonValue>>;

/** Maps become dotted names, `{"val": {"loss": 1}}` → `val.loss`; lists stay values. An empty map gives nothing. */
export function flattenMetrics(value: JsonValue): Record<string, JsonValue> {
  const flat: [string, JsonValue][] = [];
  collect(value, '', flat, 0);
  // Not by assignment: a metric may be called `__proto__`.
  return Object.fromEntries(flat);
}

/** No program nests its results deeper; what does is damaged or hostile. */
const MAX_DEPTH = 32;

function collect(value: JsonValue, name: string, flat: [string, JsonValue][], depth: number): void {
  if (!isJsonMap(value)) {
    flat.push([name, value]);
    return;
  }
  if (depth > MAX_DEPTH) return;
  for (const [key, item] of Object.entries(value))
    collect(item, name === '' ? key : `${name}.${key}`, flat, depth + 1);
}

/** What a text in JSON holds: one map, or one map per epoch or step; or what is wrong with it in words. */
export interface JsonMetrics {
  readonly rows: readonly Metrics[];
  readonly problem?: string;
}

/**
 * Reads a text in JSON. `NaN` and infinities are read as Python writes them.
 *
 * @param name - of the file, for the problem
 */
export function parseJsonMetrics(name: string, text: string): JsonMetrics {
  try {
    const value = parsePythonJson(text);
    if (isJsonMap(value)) return { rows: [flattenMetrics(value)] };
    if (isJsonList(value) && value.every(isJsonMap)) return { rows: value.map(flattenMetrics) };
    return { rows: [], problem: `${name} holds no map of names to values.` };
  } catch (error) {
    // A RangeError: nested beyond what the reader can follow.
    if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
    return { rows: [], problem: `${name} is not JSON: ${error.message}` };
  }
}

function isJsonMap(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isJsonList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
