import type { JsonValue } from '../sweep/value';
import { parseCsv } from './csv';
import { parsePythonJson } from './pythonJson';

/** Names and last values, dotted where the program nested them. */
export type Metrics = Readonly<Record<string, JsonValue>>;

/** What a metrics file holds, with what is wrong with it in words. */
export interface MetricsFile {
  readonly metrics: Metrics;
  readonly problem?: string;
}

/** Maps become dotted names, `{"val": {"loss": 1}}` → `val.loss`; lists stay values. An empty map gives nothing. */
export function flattenMetrics(value: JsonValue): Record<string, JsonValue> {
  const flat: [string, JsonValue][] = [];
  collect(value, '', flat);
  // Not by assignment: a metric may be called `__proto__`.
  return Object.fromEntries(flat);
}

function collect(value: JsonValue, name: string, flat: [string, JsonValue][]): void {
  if (!isMap(value)) {
    flat.push([name, value]);
    return;
  }
  for (const [key, item] of Object.entries(value)) collect(item, name === '' ? key : `${name}.${key}`, flat);
}

/**
 * Reads a file of results: `.json` with one map, or `.jsonl` and `.csv` with a row per epoch or step, of which the last
 * value of each name counts (loggers write training and validation into rows of their own). `NaN` and infinities are
 * read as Python writes them. A last row that is still being written is passed over.
 *
 * @param name - file name, which tells the format
 */
export function parseMetricsFile(name: string, text: string): MetricsFile {
  if (name.endsWith('.csv')) return { metrics: lastValues(csvRows(text)) };
  if (name.endsWith('.jsonl')) return parseLines(name, text);
  return parseWhole(name, text);
}

function parseWhole(name: string, text: string): MetricsFile {
  try {
    const value = parsePythonJson(text);
    if (isMap(value)) return { metrics: flattenMetrics(value) };
    if (isList(value) && value.every(isMap)) return { metrics: lastValues(value.map(flattenMetrics)) };
    return { metrics: {}, problem: `${name} holds no map of names to values.` };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { metrics: {}, problem: `${name} is not JSON: ${error.message}` };
  }
}

function parseLines(name: string, text: string): MetricsFile {
  const lines = text.split('\n');
  const torn = text.endsWith('\n') ? undefined : lines.length - 1;
  const rows: Metrics[] = [];
  const broken: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const row = parseWhole(name, line);
    if (row.problem === undefined) rows.push(row.metrics);
    else if (index !== torn) broken.push(line);
  }
  const [first] = broken;
  if (first === undefined) return { metrics: lastValues(rows) };
  const problem = `${name}: unreadable lines: ${broken.length}, the first: ${first.slice(0, 60)}`;
  return { metrics: lastValues(rows), problem };
}

function csvRows(text: string): Metrics[] {
  const [header = [], ...rows] = parseCsv(text);
  return rows
    .filter((row) => row.length === header.length)
    .map((row) => Object.fromEntries(row.flatMap((cell, index) => toEntry(header[index], cell))));
}

/** An empty cell is no value: the row is of another kind. */
function toEntry(name: string | undefined, cell: string): [string, JsonValue][] {
  const text = cell.trim();
  return text === '' || name === undefined || name.trim() === '' ? [] : [[name.trim(), parseCell(text)]];
}

function parseCell(text: string): JsonValue {
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/iu.test(text)) return Number(text);
  if (/^[-+]?nan$/iu.test(text)) return NaN;
  if (/^[-+]?inf(?:inity)?$/iu.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^(?:true|false)$/iu.test(text)) return text.toLowerCase() === 'true';
  return text;
}

function lastValues(rows: readonly Metrics[]): Metrics {
  return Object.fromEntries(rows.flatMap((row) => Object.entries(row)));
}

function isMap(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
