import type { AttemptRecord } from './computeSource';

/** What a piece of a runner's log says. */
export interface LogPiece {
  /** In the order of the log. */
  readonly records: readonly AttemptRecord[];
  /** Sentences that the runner wrote for the user, the latest last. */
  readonly troubles: readonly string[];
  /** Lines that are no record: torn by a crash or a full disk. Skipped. */
  readonly corrupt: number;
  /** Bytes at the end that are the beginning of a record. Read them again with what follows. */
  readonly incompleteBytes: number;
}

/**
 * Reads a piece of a runner's event log that begins where a record may begin.
 *
 * A record is one line that ends in ` .`, with a line break before it too, so that a record torn by a crash spoils only
 * itself. Empty lines mean nothing. Times are milliseconds since 1970 on the runner's machine.
 *
 * ```
 * S 12 1 2 i 4711 226703 48c960a8@gpubox 1795331243120 .      task attempt slot mode pid pid-start boot@host time
 * E 12 1 0 1795331250440 - .                                  task attempt exit-code time ended-by
 * L 12 1 1795331260000 process 4711 is gone .                 task attempt time evidence
 * R 12 1 1795331260000 it was taken back before it started .  task attempt time evidence
 * T 1795331260000 The disk is full. .                         time sentence
 * ```
 */
export function parseRunnerLog(text: string): LogPiece {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const parsed = lines.filter((line) => line !== '').map(parseLine);
  return {
    records: parsed.flatMap((line) => (line?.kind === 'record' ? line.record : [])),
    troubles: parsed.flatMap((line) => (line?.kind === 'trouble' ? line.text : [])),
    corrupt: parsed.filter((line) => line === undefined).length,
    incompleteBytes: new TextEncoder().encode(rest).length,
  };
}

type Line =
  | { readonly kind: 'record'; readonly record: AttemptRecord }
  | { readonly kind: 'trouble'; readonly text: string };

function parseLine(line: string): Line | undefined {
  if (!line.endsWith(' .')) return undefined;
  const words = line.slice(0, -2).split(' ');
  if (words[0] === 'T') return parseTrouble(words);
  const record = parseRecord(words);
  return record && { kind: 'record', record };
}

function parseTrouble(words: readonly string[]): Line | undefined {
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
