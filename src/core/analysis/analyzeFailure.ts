import type { TaskState } from '../engine/taskState';
import { cleanLines } from './cleanLog';
import { describeEnd } from './describeEnd';
import type { FailureExplanation, Frame, OtherLog, TaskFailure } from './failure';
import { fillIn, matchPattern } from './patterns/matchPattern';
import { redactSecrets } from './redact';
import { readFailureTrace, type FailureTrace } from './failureTrace';
import { pathInProject, toProjectFile } from './projectFile';
import { formatSignature } from './signature';
import { parseSystemInformation } from './systemInformation';

/** What is known of a task that did not succeed, besides its output. */
export interface FailedTask {
  readonly number: number;
  readonly name: string;
  readonly state: TaskState;
  readonly attempt: number;
  readonly exitCode?: number;
  /** e.g. `SIGKILL`. */
  readonly signal?: string;
  /** Why the runner ended it, where it did. */
  readonly endedBy?: 'timeout' | 'cancel';
  /** The engine's words for its state: `ended after 60 s (timeout)`. */
  readonly reason?: string;
  /** Absolute paths on this machine. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface FailureInput {
  readonly task: FailedTask;
  /** The last part of each file as it was written, escapes and all; empty when there is none. */
  readonly stderrTail: string;
  readonly stdoutTail: string;
  /** False: nothing that the task wrote is on this machine. Default true. */
  readonly isOutputHere?: boolean;
  /** The last parts of other logs of the task, to look at when its output says nothing. */
  readonly otherLogs?: readonly { readonly file: string; readonly tail: string }[];
  /** What the runner wrote down about the machine when the task failed, see `parseSystemInformation`. */
  readonly systemText?: string;
  /** The project's root on this machine, absolute. */
  readonly projectDir: string;
  /** Other paths of the same directory, e.g. with symbolic links resolved: programs tell those in tracebacks. */
  readonly projectAliases?: readonly string[];
  /**
   * Finds the file in the project that a path in a traceback means. Default: the path itself when it is inside the
   * project; a source on another machine gives a mapping of its paths.
   */
  readonly toLocalFile?: (path: string) => string | undefined;
}

/** Lines of each output that a failure keeps to show. */
const TAIL_LINES = 50;

/** Says why a task failed, and where, from its end and its output. */
export function analyzeFailure(input: FailureInput): TaskFailure {
  const { number, name, state, attempt, exitCode, signal, stdout, stderr } = input.task;
  const stderrLines = shownLines(input.stderrTail);
  const stdoutLines = shownLines(input.stdoutTail);
  const otherLogs = (input.otherLogs ?? []).map(({ file, tail }) => ({ file, tail: shownLines(tail) }));
  const outputs = [stderrLines, stdoutLines, ...otherLogs.map(({ tail }) => tail)];
  const trace = relevantTrace(input, outputs);
  const words = input.isOutputHere === false ? undefined : { stderr: stderrLines, stdout: stdoutLines };
  const title =
    trace && endsProgram(input.task, trace) ? trace.title : redactSecrets(describeEnd(input.task, words));
  return {
    task: number,
    name,
    state,
    attempt,
    exitCode,
    signal,
    title,
    exceptionType: trace?.exceptionType,
    message: trace?.message,
    frames: trace?.frames ?? [],
    related: trace?.related,
    culprit: trace?.culprit,
    signature: formatSignature(title, placeOf(trace?.culprit, input.projectDir)),
    ...explain(input.task, trace, outputs),
    ...(input.systemText === undefined ? {} : { system: parseSystemInformation(input.systemText) }),
    ...(otherLogs.length === 0 ? {} : { otherLogs: otherLogs.map(lastLines) }),
    stderrTail: stderrLines.slice(-TAIL_LINES),
    stdoutTail: stdoutLines.slice(-TAIL_LINES),
    stderrFile: stderr,
    stdoutFile: stdout,
  };
}

function lastLines({ file, tail }: OtherLog): OtherLog {
  return { file, tail: tail.slice(-TAIL_LINES) };
}

function explain(
  { reason, exitCode }: FailedTask,
  trace: FailureTrace | undefined,
  outputs: readonly (readonly string[])[],
): { readonly explanation?: FailureExplanation } {
  const match = matchPattern({ reason, exitCode, exceptions: exceptionTexts(trace), outputs });
  if (!match) return {};
  const { pattern, values } = match;
  return {
    explanation: {
      pattern: pattern.id,
      class: pattern.class,
      explanation: fillIn(pattern.explanation, values),
      advice: fillIn(pattern.advice, values),
      ...(pattern.remedy === undefined ? {} : { remedy: pattern.remedy }),
      knownFrom: pattern.source,
    },
  };
}

/** The exception with its whole message, then what was printed with it, the nearest first. */
function exceptionTexts(trace: FailureTrace | undefined): string[] {
  if (!trace) return [];
  const { exceptionType, message, related } = trace;
  const own = exceptionType === undefined ? message : `${exceptionType}: ${message}`;
  return [own, ...related.map(({ title }) => title).reverse()];
}

/** Secrets go before anything is made of the text: what is made of it is shown, stored and copied. */
function shownLines(output: string): string[] {
  const lines = cleanLines(output);
  return lines.length === 0 ? [] : redactSecrets(lines.join('\n')).split('\n');
}

/** A program that ends like this trace has such an exit code; with any other one the trace was only printed. */
function endsProgram({ exitCode, endedBy }: FailedTask, { exitCodes }: FailureTrace): boolean {
  return exitCode !== undefined && exitCodes.includes(exitCode) && endedBy === undefined;
}

/** A process that was killed says nothing at its end: an older traceback is then not about this failure. */
function relevantTrace(
  input: FailureInput,
  outputs: readonly (readonly string[])[],
): FailureTrace | undefined {
  const toLocalFile =
    input.toLocalFile ?? ((path) => toProjectFile(path, input.projectDir, input.projectAliases));
  const { signal, endedBy, state, exitCode } = input.task;
  const killed = signal !== undefined || endedBy !== undefined || state === 'lost';
  for (const lines of outputs) {
    const trace = readFailureTrace(lines, toLocalFile, exitCode);
    if (trace) return killed && !trace.isLast ? undefined : trace;
  }
  return undefined;
}

function placeOf(
  culprit: Frame | undefined,
  projectDir: string,
): { file: string; function?: string } | undefined {
  if (culprit?.localFile === undefined) return undefined;
  return { file: pathInProject(culprit.localFile, projectDir), function: culprit.function };
}
