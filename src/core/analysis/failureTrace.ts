import type { Frame, RelatedException } from './failure';
import { parsePythonTraceback, type TracedException } from './pythonTraceback';
import { readCompilerError } from './traces/compilerError';
import { readFaultHandler } from './traces/faultHandler';
import { readFortranError } from './traces/fortranError';
import { readJavaException } from './traces/javaException';
import { readJuliaError } from './traces/juliaError';
import { readNativeAbort } from './traces/nativeAbort';
import { readNodeError } from './traces/nodeError';
import type { ProgramTrace, TraceReader } from './traces/programTrace';
import { readRError } from './traces/rError';
import { readRustPanic } from './traces/rustPanic';
import { readSanitizerReport } from './traces/sanitizerReport';
import { readShellError } from './traces/shellError';
import { yamlProblem } from './yamlProblem';

/** What a trace of any language tells of a failure. */
export interface FailureTrace {
  readonly title: string;
  readonly exceptionType?: string;
  readonly message: string;
  readonly frames: readonly Frame[];
  readonly related: readonly RelatedException[];
  readonly culprit?: Frame;
  /** The lines after it. Of Python's the first of them may belong to its message. */
  readonly after: readonly string[];
  /** Exit codes of a program that ends like this; with another one it was only printed. */
  readonly exitCodes: readonly number[];
  /** See {@link ProgramTrace.goesOn}. */
  readonly goesOn?: boolean;
  /** Python raised it. */
  readonly isPython?: boolean;
}

/** A traceback in an order that says what the failure is named after. */
interface Roles {
  readonly main: TracedException;
  /** Those printed before it, the first cause first. */
  readonly earlier: readonly TracedException[];
}

type ToLocalFile = (path: string) => string | undefined;

const READERS: readonly TraceReader[] = [
  readFaultHandler,
  readSanitizerReport,
  readNativeAbort,
  readRustPanic,
  readNodeError,
  readJavaException,
  readJuliaError,
  readRError,
  readFortranError,
  readCompilerError,
];

/**
 * Reads the trace that ended a program, with its frames found in the project. Of several, the one that was printed last
 * among those that fit the exit code; what a shell says of a line counts only when nothing else does.
 *
 * @param lines - without terminal escapes
 * @param toLocalFile - the file in the project that a path of the trace means
 */
export function readFailureTrace(
  lines: readonly string[],
  toLocalFile: ToLocalFile,
  exitCode?: number,
): FailureTrace | undefined {
  const found = [
    readPython(lines, toLocalFile),
    ...READERS.map((read) => readOther(lines, read, toLocalFile)),
  ]
    .filter((trace) => trace !== undefined)
    .sort((a, b) => b.end - a.end);
  const fits = found.find(({ trace }) => exitCode !== undefined && trace.exitCodes.includes(exitCode));
  return (fits ?? found[0] ?? readOther(lines, readShellError, toLocalFile))?.trace;
}

interface Found {
  readonly trace: FailureTrace;
  readonly end: number;
}

function readPython(lines: readonly string[], toLocalFile: ToLocalFile): Found | undefined {
  const traceback = parsePythonTraceback(lines);
  if (!traceback) return undefined;
  const { main, earlier } = assignRoles(traceback.exceptions);
  const frames = locateAll(main.frames, toLocalFile);
  const related = relatedTo(main, earlier).map((other) => ({
    ...other,
    frames: locateAll(other.frames, toLocalFile),
  }));
  const trace = {
    title: titleOf(main),
    exceptionType: main.type,
    message: main.message,
    frames,
    related,
    culprit: findCulprit(frames, related),
    after: traceback.after,
    exitCodes: [1],
    isPython: true,
  };
  return { trace, end: lines.length - traceback.after.length };
}

function readOther(lines: readonly string[], read: TraceReader, toLocalFile: ToLocalFile): Found | undefined {
  const program = read(lines);
  return program && { trace: toFailureTrace(lines, program, toLocalFile), end: program.end };
}

function toFailureTrace(
  lines: readonly string[],
  { exceptionType, message, frames: raw, earlier, end, exitCodes, goesOn = false }: ProgramTrace,
  toLocalFile: ToLocalFile,
): FailureTrace {
  const frames = locateAll(raw, toLocalFile);
  const related = earlier.map((other) => ({
    relation: other.relation,
    title: joinTitle(other.exceptionType, other.message),
    frames: locateAll(other.frames, toLocalFile),
  }));
  return {
    title: joinTitle(exceptionType, message),
    exceptionType,
    message,
    frames,
    related,
    culprit: findCulprit(frames, related),
    after: lines.slice(end),
    exitCodes,
    goesOn,
  };
}

function locateAll(frames: readonly Frame[], toLocalFile: ToLocalFile): Frame[] {
  return frames.map((frame) => {
    const localFile = toLocalFile(frame.file);
    return localFile === undefined ? frame : { ...frame, localFile };
  });
}

/**
 * The failure is named after the exception raised last. Where that only repeats its cause, as multiprocessing does with
 * an exception of another process, the cause is the one with the frames that matter.
 */
function assignRoles(exceptions: readonly [TracedException, ...TracedException[]]): Roles {
  const last = exceptions.at(-1) ?? exceptions[0];
  const cause = exceptions.at(-2);
  const repeats = last.follows === 'cause' && cause && titleOf(cause) === titleOf(last);
  return repeats
    ? { main: cause, earlier: exceptions.slice(0, -2) }
    : { main: last, earlier: exceptions.slice(0, -1) };
}

function titleOf(exception: TracedException): string {
  const own = joinTitle(exception.type, yamlProblem(exception.message) ?? exception.message);
  const member = exception.members?.[0];
  return member ? `${own}; the first: ${titleOf(member)}` : own;
}

function joinTitle(type: string | undefined, message: string): string {
  const firstLine = message.split('\n', 1)[0] ?? '';
  if (type === undefined) return firstLine;
  return firstLine === '' ? type : `${type}: ${firstLine}`;
}

function relatedTo(main: TracedException, earlier: readonly TracedException[]): RelatedException[] {
  const chain = [...earlier, main];
  const before = earlier.map((exception, index) => ({
    relation: chain[index + 1]?.follows ?? ('context' as const),
    title: titleOf(exception),
    frames: exception.frames,
  }));
  const members = (main.members ?? []).map((member) => ({
    relation: 'member' as const,
    title: titleOf(member),
    frames: member.frames,
  }));
  return [...before, ...members];
}

/** A group was raised where its members were gathered; where to look is where the first of them was raised. */
function findCulprit(frames: readonly Frame[], related: readonly RelatedException[]): Frame | undefined {
  const members = related.filter(({ relation }) => relation === 'member').map((member) => member.frames);
  const causes = related.filter(({ relation }) => relation !== 'member').map((cause) => cause.frames);
  for (const candidates of [...members, frames, ...causes.reverse()]) {
    const deepest = candidates.findLast((frame) => frame.localFile !== undefined);
    if (deepest) return deepest;
  }
  return undefined;
}
