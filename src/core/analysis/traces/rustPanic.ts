import type { Frame } from '../failure';
import { takeWhile, type TraceReader } from './programTrace';

// thread 'main' (11471) panicked at src/main.rs:1:50:
const PANIC = /^thread '.*?' (?:\(\d+\) )?panicked at (?<file>[^:']+):(?<line>\d+):\d+:$/u;
// Before 1.73: thread 'main' panicked at 'index out of bounds', src/main.rs:4:5
const OLD_PANIC = /^thread '.*?' panicked at '(?<message>.*)', (?<file>[^:]+):(?<line>\d+):\d+$/u;
const FRAME = /^ +\d+: (?<function>.*)$/u;
const PLACE = /^ +at (?<file>.+?):(?<line>\d+)(?::\d+)?$/u;

/** A panic of a Rust program, with its backtrace where RUST_BACKTRACE was set. */
export const readRustPanic: TraceReader = (lines) => {
  const at = lines.findLastIndex((line) => PANIC.test(line) || OLD_PANIC.test(line));
  if (at < 0) return undefined;
  const head = PANIC.exec(lines[at] ?? '') ?? OLD_PANIC.exec(lines[at] ?? '');
  const { file = '', line = '', message } = head?.groups ?? {};
  const said = takeWhile(
    lines,
    at + 1,
    (text) => message === undefined && text !== '' && !/^(?:stack backtrace|note): ?/u.test(text),
  );
  const backtrace = lines[said.end] === 'stack backtrace:' ? readFrames(lines, said.end + 1) : undefined;
  const frames = backtrace?.frames ?? [];
  const end = backtrace?.end ?? said.end;
  return {
    exceptionType: 'panic',
    message: message ?? said.taken.join('\n'),
    frames: frames.length > 0 ? frames : [{ file, line: Number(line) }],
    earlier: [],
    end: takeWhile(lines, end, (text) => text.startsWith('note: ')).end,
    exitCodes: [101, 134],
  };
};

/** The innermost comes first; those of the standard library are in /rustc. */
function readFrames(lines: readonly string[], start: number): { frames: Frame[]; end: number } {
  const { taken, end } = takeWhile(lines, start, (line) => FRAME.test(line) || PLACE.test(line));
  const frames = taken.flatMap((text, index): Frame[] => {
    const { file, line } = PLACE.exec(text)?.groups ?? {};
    if (file === undefined || file.startsWith('/rustc/')) return [];
    const name = FRAME.exec(taken[index - 1] ?? '')?.groups?.['function'];
    return [{ file, line: Number(line), ...(name !== undefined && { function: name }) }];
  });
  return { frames: frames.reverse(), end };
}
