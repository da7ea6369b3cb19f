import type { JsonValue } from '../sweep/value';
import { parseCsv, separatorOf, type Separator } from './csv';
import { DecimalCommas, type Cells } from './decimalCommas';
import type { LogSink } from './logSink';
import { parseJsonMetrics, type Metrics } from './metrics';
import { readLines } from './readLines';
import type { ResultFiles } from './resultFiles';
import { stepNameOf } from './stepNames';

/** A log to read. */
export interface LogFile {
  /** Absolute. */
  readonly path: string;
  /** For problems, relative to the task's directory. */
  readonly name: string;
  /** Read it only when a column counts steps: a table may hold anything. */
  readonly onlyWithSteps?: boolean;
}

/**
 * Reads a table with a row per epoch or step. An empty cell is no value: loggers write training and validation into rows
 * of their own. Rows with too many or too few cells are passed over, as the last one of a task that still writes. Cells may
 * be separated by tabs, or by semicolons, and numbers then may have a decimal comma, as spreadsheets of many languages have it.
 *
 * @returns what is wrong with it, sentences
 */
export async function readCsvLog(files: ResultFiles, file: LogFile, sink: LogSink): Promise<string[]> {
  let header: Cells | undefined;
  let stepColumn = -1;
  let separator: Separator = ',';
  let count = 0;
  let broken = 0;
  let skipped = false;
  const commas = new DecimalCommas();
  const emit = (rows: readonly Cells[]): void => {
    for (const cells of rows)
      emitCells(header ?? [], cells, stepOf(parseCell((cells[stepColumn] ?? '').trim()), count++), sink);
  };
  for await (const piece of readLines(files, file.path)) {
    skipped ||= piece.skipped;
    for (const line of piece.lines) {
      if (!header) separator = separatorOf(line);
      const cells = splitRow(line, separator);
      if (cells.length === 1 && cells[0] === '') continue;
      if (!header) {
        header = cells.map((name) => name.trim());
        stepColumn = header.indexOf(stepNameOf(header) ?? '\n');
        if (file.onlyWithSteps && stepColumn < 0) return [];
        continue;
      }
      if (cells.length !== header.length) {
        if (!piece.torn) broken++;
        continue;
      }
      emit(separator === ';' ? commas.take(cells) : [cells]);
    }
  }
  emit(commas.rest());
  return [
    ...(broken > 0 ? [`${file.name}: rows that do not fit its header: ${broken}.`] : []),
    ...(skipped ? [leftOut(file.name)] : []),
  ];
}

/**
 * Reads a log with a map in JSON on each line; nested names become dotted.
 *
 * @returns what is wrong with it, sentences
 */
export async function readJsonLog(files: ResultFiles, file: LogFile, sink: LogSink): Promise<string[]> {
  let count = 0;
  let broken = 0;
  let firstBroken = '';
  let skipped = false;
  for await (const piece of readLines(files, file.path)) {
    skipped ||= piece.skipped;
    for (const line of piece.lines) {
      if (line.trim() === '') continue;
      const { rows, problem } = parseJsonMetrics(file.name, line);
      if (problem !== undefined && !piece.torn && broken++ === 0) firstBroken = line.trim().slice(0, 60);
      for (const row of rows) {
        const stepName = stepNameOf(Object.keys(row));
        if (file.onlyWithSteps && stepName === undefined) return [];
        emitRow(row, stepOf(stepName === undefined ? undefined : row[stepName], count++), sink);
      }
    }
  }
  return [
    ...(broken > 0 ? [`${file.name}: unreadable lines: ${broken}, the first: ${firstBroken}`] : []),
    ...(skipped ? [leftOut(file.name)] : []),
  ];
}

/** Hands the values of a row on. */
export function emitRow(row: Metrics, step: number, sink: LogSink): void {
  for (const [name, value] of Object.entries(row)) sink.value(name, step, value);
}

/** The step of a row, or its place where the log tells none. */
export function stepOf(value: JsonValue | undefined, place: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : place;
}

/** A cell as programs print it: a number, `nan`, `inf`, a truth value, or a text. */
export function parseCell(text: string): JsonValue {
  const number = Number(text);
  // `Number` takes the empty text for 0 and knows hexadecimal, which no logger writes.
  if (!Number.isNaN(number) && text !== '' && !/^[-+]?(?:0[xbo]|Inf)/iu.test(text)) return number;
  if (/^[-+]?nan$/iu.test(text)) return NaN;
  if (/^[-+]?inf(?:inity)?$/iu.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^(?:true|false)$/iu.test(text)) return text.toLowerCase() === 'true';
  return text;
}

function leftOut(name: string): string {
  return `${name} is very large: only its beginning and its end were read, so a smallest or largest value may be missing.`;
}

/** Most rows have no quotes, and splitting is several times faster than parsing. */
function splitRow(line: string, separator: Separator): Cells {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  return text.includes('"') ? (parseCsv(text, separator)[0] ?? ['']) : text.split(separator);
}

function emitCells(header: Cells, cells: Cells, step: number, sink: LogSink): void {
  for (let column = 0; column < header.length; column++) {
    const text = (cells[column] ?? '').trim();
    const name = header[column] ?? '';
    if (text !== '' && name !== '') sink.value(name, step, parseCell(text));
  }
}
