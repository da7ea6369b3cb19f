import type { Frame } from '../failure';
import { takeWhile, type TraceReader } from './programTrace';

// ERROR: LoadError: ArgumentError: Package Foo not found in current path.
const HEAD = /^ERROR: (?:LoadError: )*(?:(?<type>[A-Z]\w*(?:Error|Exception)): ?)?(?<message>.*)$/u;
// ` [2] step(x::Int64)` and below it `   @ Main ~/p/train.jl:3`; before 1.6 ` [2] step(::Int64) at ./train.jl:3`
const NAME = /^ *\[\d+\] (?<function>.*?)(?: at (?<file>\S+\.jl):(?<line>\d+))?$/u;
const PLACE = /^ +@ (?:\S+ )?(?<file>\S+\.jl):(?<line>\d+)/u;
const START = /^in expression starting at (?<file>.+):(?<line>\d+)$/u;

/** An error that nobody caught in a Julia program. */
export const readJuliaError: TraceReader = (lines) => {
  const trace = lines.findLastIndex((line) => line === 'Stacktrace:');
  const at = lines.findLastIndex((line, index) => index < trace && line.startsWith('ERROR: '));
  const head = at < 0 ? undefined : HEAD.exec(lines[at] ?? '')?.groups;
  if (!head) return undefined;
  const { taken, end } = takeWhile(
    lines,
    trace + 1,
    (line) => NAME.test(line) || PLACE.test(line) || START.test(line),
  );
  return {
    exceptionType: head['type'] ?? 'ERROR',
    message: [head['message'] ?? '', ...lines.slice(at + 1, trace)].join('\n').trim(),
    frames: taken.flatMap((line, index) => toFrame(line, taken[index - 1] ?? '')).reverse(),
    earlier: [],
    end,
    exitCodes: [1],
  };
};

function toFrame(text: string, before: string): Frame[] {
  const own = NAME.exec(text)?.groups;
  const place = own?.['file'] === undefined ? PLACE.exec(text)?.groups : own;
  const { file, line } = place ?? {};
  if (file === undefined || file.startsWith('./')) return [];
  const name = own?.['file'] === undefined ? NAME.exec(before)?.groups?.['function'] : own['function'];
  return [{ file, line: Number(line), ...(name !== undefined && { function: name }) }];
}
