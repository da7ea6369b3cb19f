import type { Frame } from '../failure';
import { takeWhile, type TraceReader } from './programTrace';

// t: t.c:7: main: Assertion `n==99' failed.
const ASSERTION =
  /^(?:[^:]+: )?(?<file>[^:\s]+):(?<line>\d+): (?:(?<function>.+?): )?Assertion [`'](?<what>.+)' failed\.?$/u;
// Assertion failed: (n==99), function main, file t.c, line 7.
const MAC_ASSERTION =
  /^Assertion failed: (?<what>.+), (?:function (?<function>\S+), )?file (?<file>[^,]+), line (?<line>\d+)\.?$/u;
const THROWN = /^terminate called after throwing an instance of '(?<type>[^']+)'$/u;
const WHAT = /^\s*what\(\): {1,2}(?<message>.*)$/u;
const LIBRARY =
  /^(?:\*\*\* .* \*\*\*: terminated|double free or corruption.*|free\(\): .*|malloc\(\): .*|realloc\(\): .*|munmap_chunk\(\): .*|corrupted .*)$/u;
const EXIT_CODES = [134];

/** A C or C++ program that ended itself: an assertion, an exception that nobody caught, a damaged heap. */
export const readNativeAbort: TraceReader = (lines) => {
  const at = lines.findLastIndex(
    (line) => ASSERTION.test(line) || MAC_ASSERTION.test(line) || THROWN.test(line) || LIBRARY.test(line),
  );
  if (at < 0) return undefined;
  const line = lines[at] ?? '';
  const assertion = (ASSERTION.exec(line) ?? MAC_ASSERTION.exec(line))?.groups;
  if (assertion) {
    const message = `\`${assertion['what'] ?? ''}' failed`;
    return result('Assertion', message, [toFrame(assertion)], at + 1);
  }
  const type = THROWN.exec(line)?.groups?.['type'];
  if (type === undefined) return result(undefined, line, [], at + 1);
  const said = takeWhile(lines, at + 1, (text) => WHAT.test(text));
  const message = WHAT.exec(said.taken[0] ?? '')?.groups?.['message'] ?? '';
  return result(type, message, [], said.end);
};

function toFrame({ file = '', line, function: name }: Readonly<Record<string, string>>): Frame {
  return { file, line: Number(line), ...(name !== undefined && { function: name }) };
}

function result(
  exceptionType: string | undefined,
  message: string,
  frames: readonly Frame[],
  end: number,
): ReturnType<TraceReader> {
  const name = exceptionType === undefined ? {} : { exceptionType };
  return { ...name, message, frames, earlier: [], end, exitCodes: EXIT_CODES };
}
