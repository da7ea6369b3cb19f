import type { Frame } from '../failure';
import { takeWhile, type TraceReader } from './programTrace';

// At line 12 of file sim.f90 (unit = 10, file = 'x.dat')
const PLACE = /^At line (?<line>\d+) of file (?<file>.+?)(?: \(unit = .*)?$/u;
// `Fortran runtime error: End of file`, `ERROR STOP diverged`, `Program received signal SIGSEGV: Segmentation fault - …`
const HEAD =
  /^(?<type>Fortran runtime error|ERROR STOP|Program received signal (?<signal>SIG\w+))(?::? (?<message>.*))?$/u;
const BACKTRACE = /^(?:Error termination\. Backtrace:|Backtrace for this error:)$/u;
// `#1  0x55d in step` and below it `	at /project/sim.f90:12`
const NAME = /^#\d+ +0x[0-9a-f]+ in (?<function>.+)$/u;
const AT = /^\s+at (?<file>.+):(?<line>\d+)$/u;
/** Of a runtime error 2, of `error stop` its own, of a signal the shell's. */
const EXIT_CODES = [1, 2, 134, 135, 136, 139];

/** How a program of gfortran ends by itself. */
export const readFortranError: TraceReader = (lines) => {
  const at = lines.findLastIndex((line) => HEAD.test(line));
  const head = at < 0 ? undefined : HEAD.exec(lines[at] ?? '')?.groups;
  if (!head) return undefined;
  const gap = takeWhile(lines, at + 1, (line) => line.trim() === '' || BACKTRACE.test(line));
  const { taken, end } = takeWhile(lines, gap.end, (line) => NAME.test(line) || AT.test(line));
  const { type = '', signal, message = '' } = head;
  return {
    exceptionType: signal ?? type,
    message,
    frames: [...framesOf(taken), ...placeOf(lines[at - 1] ?? '')],
    earlier: [],
    end,
    exitCodes: type === 'ERROR STOP' && /^\d+$/u.test(message) ? [Number(message)] : EXIT_CODES,
  };
};

function framesOf(lines: readonly string[]): Frame[] {
  return lines
    .flatMap((text, index): Frame[] => {
      const { file, line } = AT.exec(text)?.groups ?? {};
      const name = NAME.exec(lines[index - 1] ?? '')?.groups?.['function'];
      // The runtime library's own.
      if (file === undefined || file.includes('libgfortran')) return [];
      return [{ file, line: Number(line), ...(name !== undefined && { function: name }) }];
    })
    .reverse();
}

function placeOf(text: string): Frame[] {
  const { file, line } = PLACE.exec(text)?.groups ?? {};
  return file === undefined ? [] : [{ file, line: Number(line) }];
}
