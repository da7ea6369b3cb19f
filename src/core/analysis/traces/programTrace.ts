import type { Frame } from '../failure';

/** What a program that ended by an error wrote about it, in whatever language. */
export interface ProgramTrace {
  /** e.g. `ValueError`, `panic`; absent where the language has no name for it. */
  readonly exceptionType?: string;
  /** May have several lines. */
  readonly message: string;
  /** Outermost first. */
  readonly frames: readonly Frame[];
  /** Those printed with it: what caused it, first cause first. */
  readonly earlier: readonly TracedError[];
  /** Index after its last line. */
  readonly end: number;
  /** Exit codes of a program that ends like this; with another one it was only printed. */
  readonly exitCodes: readonly number[];
  /** A program goes on after such an error unless it is told not to, as a shell does. */
  readonly goesOn?: boolean;
}

export interface TracedError {
  readonly relation: 'cause' | 'context';
  readonly exceptionType: string;
  readonly message: string;
  readonly frames: readonly Frame[];
}

/** Finds the last error of one language. Lines are without terminal escapes. */
export type TraceReader = (lines: readonly string[]) => ProgramTrace | undefined;

/** The lines from `start` for which `belongs` holds without a gap. */
export function takeWhile(
  lines: readonly string[],
  start: number,
  belongs: (line: string) => boolean,
): { readonly taken: readonly string[]; readonly end: number } {
  let end = start;
  while (end < lines.length && belongs(lines[end] ?? '')) end += 1;
  return { taken: lines.slice(start, end), end };
}
