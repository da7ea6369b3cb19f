import type { Frame } from '../failure';
import { takeWhile, type TraceReader } from './programTrace';

// `a.cpp:4:5: error: 'x' was not declared` (gcc, clang), `k.cu(12): error: identifier "x" is undefined` (nvcc),
// `a.cpp(4): error C2039: …` (MSVC)
const ERROR =
  /^(?<file>[^\s:()][^:()]*\.\w+)(?::(?<line>\d+)(?::\d+)?|\((?<at>\d+)(?:,\d+)?\))\s?: (?:fatal )?error(?: \w+)?: (?<message>.+)$/u;
// a.cpp: In function 'int main()':
const WITHIN =
  /^[^:]+: In (?:member |static )*(?:function|constructor|destructor|subroutine) ['‘`](?<function>.+)['’]:$/u;
// /usr/bin/ld: d.c:(.text+0xa): undefined reference to `foo'
const UNDEFINED = /\b(?<message>(?:undefined reference to|multiple definition of) [`'‘].+?['’])/u;
const LINKER = /^collect2: error: ld returned |^clang(?:\+\+)?: error: linker command failed/u;
// gfortran: `sim.f90:3:9:`, the line of code, then `Error: Symbol 'y' at (1) has no IMPLICIT type`
const FORTRAN = /^(?:Fatal )?Error: (?<message>.+)$/u;
const FORTRAN_PLACE = /^(?<file>\S+\.[fF]\w*):(?<line>\d+):(?:\d+:)?$/u;
const FORTRAN_LINES = 6;
// `error[E0425]: cannot find value `x` in this scope`, below it `  --> src/main.rs:2:5`
const RUST = /^error(?:\[E\d+\])?: (?<message>.+)$/u;
const RUST_PLACE = /^ *--> (?<file>.+?):(?<line>\d+):\d+$/u;
/** Spares most lines the trouble. */
const MAY_TELL = /error|Error|undefined|multiple/u;
const EXIT_CODES = [1, 2, 101];
/** What a compiler prints around its errors, at the margin. */
const BODY =
  /: (?:fatal )?(?:error|warning|note)\b|^compilation terminated|: In (?:\w+ )+['‘`]|^In file included from|^\S*\bld: |^(?:error|warning)(?:\[E\d+\])?: |^(?:Fatal )?(?:Error|Warning): .* at \(\d\)|^For more information about |^collect2:|^\d+ errors?\b/u;

/** What a compiler or a linker refused: the first error, because others follow from it. */
export const readCompilerError: TraceReader = (lines) => {
  const linker = lines.findLastIndex((line) => LINKER.test(line));
  const isError = (line: string, at: number): boolean =>
    MAY_TELL.test(line) && errorAt(lines, at, linker) !== undefined;
  const found = errorAt(lines, lines.findIndex(isError), linker);
  if (!found) return undefined;
  // Between the errors of several files are the commands that compile them.
  const { end } = takeWhile(
    lines,
    lines.findLastIndex(isError) + 1,
    (line) => /^(?:\s|$)/u.test(line) || isBody(line),
  );
  return {
    message: `error: ${found.message}`,
    frames: found.frame ? [found.frame] : [],
    earlier: [],
    end,
    exitCodes: EXIT_CODES,
    // A script may go on without what could not be made.
    goesOn: true,
  };
};

function isBody(line: string): boolean {
  return BODY.test(line) || FORTRAN_PLACE.test(line);
}

/** @param linker - index of the line in which a linker gives up; -1: there is none */
function errorAt(lines: readonly string[], at: number, linker: number): Refused | undefined {
  const line = lines[at] ?? '';
  const own = ERROR.exec(line)?.groups;
  if (own) return withPlace(own, { file: own['file'], line: own['line'] ?? own['at'] }, within(lines, at));
  const fortran = FORTRAN.exec(line)?.groups;
  const above = fortran && matchNear(lines.slice(Math.max(0, at - FORTRAN_LINES), at), FORTRAN_PLACE);
  if (fortran && above) return withPlace(fortran, above);
  const rust = RUST.exec(line)?.groups;
  const below = rust && matchNear(lines.slice(at + 1, at + 2), RUST_PLACE);
  if (rust && below) return withPlace(rust, below);
  const missing = UNDEFINED.exec(line)?.groups;
  return missing && at < linker ? withPlace(missing) : undefined;
}

interface Refused {
  readonly message: string;
  readonly frame?: Frame;
}

type Groups = Readonly<Record<string, string | undefined>>;

function withPlace({ message = '' }: Groups, { file, line }: Groups = {}, name?: string): Refused {
  if (file === undefined || line === undefined) return { message };
  return { message, frame: { file, line: Number(line), ...(name !== undefined && { function: name }) } };
}

/** The last one of these lines that has this form. */
function matchNear(lines: readonly string[], form: RegExp): Groups | undefined {
  return lines.map((line) => form.exec(line)?.groups).findLast((groups) => groups !== undefined);
}

function within(lines: readonly string[], at: number): string | undefined {
  return WITHIN.exec(lines[at - 1] ?? '')?.groups?.['function'];
}
