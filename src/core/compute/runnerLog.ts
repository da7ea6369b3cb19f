import type { AttemptRecord } from './computeSource';

/** What a piece of a runner's log says. */
export interface LogPiece {
  /** In the order of the log. */
  readonly records: readonly AttemptRecord[];
  /** Sentences that the runner wrote for the user since an attempt last started, the latest last. */
  readonly troubles: readonly string[];
  /** Lines with something that is no record: torn by a crash or a full disk. Skipped. */
  readonly corrupt: number;
  /** Bytes at the end that are the beginning of a record. Read them again with what follows. */
  readonly incompleteBytes: number;
}

/**
 * Reads a piece of a runner's event log that begins where a line begins.
 *
 * A record is written at once, begins with `|` and ends in ` .` and a line break. A crash or a full disk can leave a
 * part of one; the next record then follows in the same line. Times are milliseconds since 1970 on the runner's
 * machine.
 *
 * ```
 * |S 12 1 2 i 4711 226703 48c960a8@gpubox 1795331243120 .      task attempt slot mode pid pid-start boot@host time
 * |E 12 1 0 1795331250440 - .                                  task attempt exit-code time ended-by
 * |L 12 1 1795331260000 process 4711 is gone .                 task attempt time evidence
 * |R 12 1 1795331260000 it was taken back before it started .  task attempt time evidence
 * |T 1795331260000 The disk is full. .                         time sentence
 * ```
 */
export function parseRunnerLog(text: string): LogPiece {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const parsed = lines.map(parseLine);
  return {
    records: parsed.flatMap(({ entry }) => (entry?.kind === 'record' ? entry.record : [])),
    troubles: parsed
      .slice(
        parsed.findLastIndex(({ entry }) => entry?.kind === 'record' && entry.record.kind === 'started') + 1,
      )
      .flatMap(({ entry }) => (entry?.kind === 'trouble' ? entry.text : [])),
    corrupt: parsed.filter(({ isWhole }) => !isWhole).length,
    incompleteBytes: new TextEncoder().encode(rest).length,
  };
}

type Entry =
  | { readonly kind: 'record'; readonly record: AttemptRecord }
  | { readonly kind: 'trouble'; readonly text: string };

/** The record that a line ends with, and whether there is nothing else in it. A sentence may have bars of its own. */
function parseLine(line: string): { readonly entry?: Entry; readonly isWhole: boolean } {
  for (let bar = line.lastIndexOf('|'); bar >= 0; bar = bar === 0 ? -1 : line.lastIndexOf('|', bar - 1)) {
    const entry = parseEntry(line.slice(bar + 1));
    if (entry !== undefined) return { entry, isWhole: bar === 0 };
  }
  return { isWhole: false };
}

function parseEntry(text: string): Entry | undefined {
  if (!text.endsWith(' .')) return undefined;
  const words = text.slice(0, -2).split(' ');
  if (words[0] === 'T') return parseTrouble(words);
  const record = parseRecord(words);
  return record && { kind: 'record', record };
}

function parseTrouble(words: readonly string[]): Entry | undefined {
  return isNumber(words[1]) ? { kind: 'trouble', text: words.slice(2).join(' ') } : undefined;
}

function parseRecord(words: readonly string[]): AttemptRecord | undefined {
  const [letter, task, attempt, ...rest] = words;
  if (!isNumber(task) || !isNumber(attempt)) return undefined;
  const ref = { task: Number(task), attempt: Number(attempt) };
  if (letter === 'S') return parseStart(ref, rest);
  if (letter === 'E') return parseEnd(ref, rest);
  if (letter === 'L' || letter === 'R') return parseVerdict(letter, ref, rest);
  return undefined;
}

interface Ref {
  readonly task: number;
  readonly attempt: number;
}

function parseStart(ref: Ref, rest: readonly string[]): AttemptRecord | undefined {
  const [slot, , pid, , , atMs] = rest;
  if (rest.length !== 6 || !isNumber(slot) || !isNumber(pid) || !isNumber(atMs)) return undefined;
  return { kind: 'started', ...ref, slot: Number(slot), pid: Number(pid), atMs: Number(atMs) };
}

function parseEnd(ref: Ref, rest: readonly string[]): AttemptRecord | undefined {
  const [exitCode, atMs, why] = rest;
  if (rest.length !== 3 || !isNumber(exitCode) || !isNumber(atMs)) return undefined;
  const ended = { kind: 'ended', ...ref, exitCode: Number(exitCode), atMs: Number(atMs) } as const;
  if (why === '-') return ended;
  return why === 'timeout' || why === 'cancel' ? { ...ended, endedBy: why } : undefined;
}

function parseVerdict(letter: 'L' | 'R', ref: Ref, rest: readonly string[]): AttemptRecord | undefined {
  const [atMs, ...words] = rest;
  if (!isNumber(atMs)) return undefined;
  const kind = letter === 'L' ? 'lost' : 'released';
  return { kind, ...ref, evidence: words.join(' '), atMs: Number(atMs) };
}

function isNumber(word: string | undefined): word is string {
  return word !== undefined && /^\d+$/.test(word);
}
