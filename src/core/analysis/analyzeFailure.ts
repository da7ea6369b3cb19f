import type { TaskState } from '../engine/taskState';
import { cleanLines } from './cleanLog';
import { describeEnd } from './describeEnd';
import type { Frame, TaskFailure } from './failure';
import { redactSecrets } from './redact';
import { readFailureTrace, type FailureTrace } from './failureTrace';
import { pathInProject, toProjectFile } from './projectFile';
import { formatSignature } from './signature';

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
  const trace = relevantTrace(input, stderrLines);
  const title =
    trace && endsProgram(input.task) ? trace.title : describeEnd(input.task, stderrLines, stdoutLines);
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
    stderrTail: stderrLines.slice(-TAIL_LINES),
    stdoutTail: stdoutLines.slice(-TAIL_LINES),
    stderrFile: stderr,
    stdoutFile: stdout,
  };
}

/** Secrets go before anything is made of the text: what is made of it is shown, stored and copied. */
function shownLines(output: string): string[] {
  const lines = cleanLines(output);
  return lines.length === 0 ? [] : redactSecrets(lines.join('\n')).split('\n');
}

/** Python ends with 1 after an exception that nobody caught; with any other code a traceback was only printed. */
function endsProgram({ exitCode, signal, endedBy }: FailedTask): boolean {
  return exitCode === 1 && signal === undefined && endedBy === undefined;
}

/** A process that was killed says nothing at its end: an older traceback is then not about this failure. */
function relevantTrace(input: FailureInput, stderr: readonly string[]): FailureTrace | undefined {
  const toLocalFile =
    input.toLocalFile ?? ((path) => toProjectFile(path, input.projectDir, input.projectAliases));
  const trace = readFailureTrace(stderr, toLocalFile);
  const { signal, endedBy, state } = input.task;
  const killed = signal !== undefined || endedBy !== undefined || state === 'lost';
  return killed && !trace?.isLast ? undefined : trace;
}

function placeOf(
  culprit: Frame | undefined,
  projectDir: string,
): { file: string; function?: string } | undefined {
  if (culprit?.localFile === undefined) return undefined;
  return { file: pathInProject(culprit.localFile, projectDir), function: culprit.function };
}
