import { cleanLines } from './cleanLog';
import { describeEnd, nameEnd } from './describeEnd';
import { explain, type OutputLines } from './explainFailure';
import type { FailureExplanation, Frame, OtherLog, TaskFailure } from './failure';
import { findTrace, type FoundTrace } from './endingTrace';
import type { FailedTask } from './failedTask';
import { formatSignature } from './signature';
import { redactSecrets } from './redact';
import { pathInProject, toProjectFile } from './projectFile';
import { parseSystemInformation } from './systemInformation';

export interface FailureInput {
  readonly task: FailedTask;
  /** The last part of each file as it was written, escapes and all; empty when there is none. */
  readonly stderrTail: string;
  readonly stdoutTail: string;
  /** False: nothing that the task wrote is on this machine. Default true. */
  readonly isOutputHere?: boolean;
  /** The last parts of other logs of the task. What they say counts only when its output says nothing. */
  readonly otherLogs?: readonly { readonly file: string; readonly tail: string }[];
  /** What the runner wrote down about the machine when the task failed, see `parseSystemInformation`. */
  readonly systemText?: string;
  /** What must not be told wherever it was printed, see `secretValues`. */
  readonly secrets?: readonly string[];
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
  const { task, secrets, projectDir, systemText } = input;
  const { stderr, stdout, otherLogs, telling } = readOutputs(input);
  const found = findTrace(task, telling, localFiles(input));
  const explanation = explain(task, found, telling);
  const said = explanation?.isOnlyRelated === true ? undefined : explanation?.said;
  const words = input.isOutputHere === false ? undefined : { stderr, stdout };
  const isEnd = found?.role === 'end';
  const title = isEnd ? found.trace.title : redactSecrets(describeEnd(task, words, said), secrets);
  const cause = isEnd ? title : redactSecrets(causeOfEnd(task, title, explanation), secrets);
  const told = tellTrace(found);
  return {
    task: task.number,
    name: task.name,
    state: task.state,
    attempt: task.attempt,
    exitCode: task.exitCode,
    signal: task.signal,
    title,
    ...told,
    signature: formatSignature(cause, placeOf(told.culprit, projectDir)),
    ...(explanation === undefined ? {} : { explanation }),
    ...(systemText === undefined ? {} : { system: parseSystemInformation(systemText, secrets) }),
    ...(otherLogs.length === 0 ? {} : { otherLogs: otherLogs.map(lastLines) }),
    stderrTail: stderr.slice(-TAIL_LINES),
    stdoutTail: stdout.slice(-TAIL_LINES),
    stderrFile: task.stderr,
    stdoutFile: task.stdout,
  };
}

/** Everything that was written, as lines that may be shown, and those outputs of it that tell of the end. */
function readOutputs({ stderrTail, stdoutTail, otherLogs: logs = [], secrets }: FailureInput): {
  readonly stderr: readonly string[];
  readonly stdout: readonly string[];
  readonly otherLogs: readonly OtherLog[];
  readonly telling: readonly OutputLines[];
} {
  const stderr = shownLines(stderrTail, secrets);
  const stdout = shownLines(stdoutTail, secrets);
  const otherLogs = logs.map(({ file, tail }) => ({ file, tail: shownLines(tail, secrets) }));
  const telling = [
    { log: 'stderr', lines: stderr },
    { log: 'stdout', lines: stdout },
    ...(isSilent(stderr) && isSilent(stdout) ? otherLogs.map(named) : []),
  ];
  return { stderr, stdout, otherLogs, telling };
}

/** What a trace tells of the failure. One that did not end the program is only named. */
function tellTrace(
  found: FoundTrace | undefined,
): Pick<TaskFailure, 'exceptionType' | 'message' | 'raised' | 'frames' | 'related' | 'culprit' | 'earlier'> {
  if (!found) return { frames: [] };
  const { title, exceptionType, message, frames, related, culprit } = found.trace;
  if (found.role === 'printed') return { frames: [], earlier: { title, ...(culprit && { place: culprit }) } };
  return {
    exceptionType,
    message,
    ...(found.role === 'last' && { raised: title }),
    frames,
    related,
    culprit,
  };
}

/**
 * What tells the causes of failures apart that no exception ended. Where something else ended the program, its own last
 * words are only where it was just then: a progress bar would make a cause of every task.
 */
function causeOfEnd(task: FailedTask, title: string, explanation: FailureExplanation | undefined): string {
  const { state, signal, endedBy, exitCode } = task;
  const isByOthers =
    state === 'lost' || signal !== undefined || endedBy !== undefined || exitCode === 126 || exitCode === 127;
  if (!isByOthers) return title;
  if (!explanation || explanation.isOnlyRelated === true) return nameEnd(task);
  // With what the pattern caught in the words: another command that is missing is another cause.
  return `${nameEnd(task)}; ${explanation.pattern}: ${explanation.explanation}`;
}

function localFiles(input: FailureInput): (path: string) => string | undefined {
  const { toLocalFile, projectDir, projectAliases } = input;
  return toLocalFile ?? ((path) => toProjectFile(path, projectDir, projectAliases));
}

function lastLines({ file, tail }: OtherLog): OtherLog {
  return { file, tail: tail.slice(-TAIL_LINES) };
}

function named({ file, tail }: OtherLog): OutputLines {
  return { log: file.split(/[\\/]/u).at(-1) ?? file, lines: tail };
}

function isSilent(lines: readonly string[]): boolean {
  return lines.every((line) => line.trim() === '');
}

/** Secrets go before anything is made of the text: what is made of it is shown, stored and copied. */
function shownLines(output: string, secrets: readonly string[] | undefined): string[] {
  const lines = cleanLines(output);
  return lines.length === 0 ? [] : redactSecrets(lines.join('\n'), secrets).split('\n');
}

function placeOf(
  culprit: Frame | undefined,
  projectDir: string,
): { file: string; function?: string } | undefined {
  if (culprit?.localFile === undefined) return undefined;
  return { file: pathInProject(culprit.localFile, projectDir), function: culprit.function };
}
