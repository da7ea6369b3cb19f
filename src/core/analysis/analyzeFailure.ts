import { cleanLines } from './cleanLog';
import { describeEnd, nameEnd } from './describeEnd';
import { explain, type OutputLines } from './explainFailure';
import type { FailureExplanation, Frame, OtherLog, TaskFailure } from './failure';
import { findTrace } from './endingTrace';
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
  const { number, name, state, attempt, exitCode, signal, stdout, stderr } = input.task;
  const shownLines = (output: string): string[] => readableLines(output, input.secrets);
  const stderrLines = shownLines(input.stderrTail);
  const stdoutLines = shownLines(input.stdoutTail);
  const otherLogs = (input.otherLogs ?? []).map(({ file, tail }) => ({ file, tail: shownLines(tail) }));
  const outputs: readonly OutputLines[] = [
    { log: 'stderr', lines: stderrLines },
    { log: 'stdout', lines: stdoutLines },
    ...(isSilent(stderrLines) && isSilent(stdoutLines) ? otherLogs.map(named) : []),
  ];
  const found = findTrace(input.task, outputs, localFiles(input));
  const trace = found?.role === 'printed' ? undefined : found?.trace;
  const explanation = explain(input.task, found, outputs);
  const said = explanation?.isOnlyRelated === true ? undefined : explanation?.said;
  const words = input.isOutputHere === false ? undefined : { stderr: stderrLines, stdout: stdoutLines };
  const title =
    found?.role === 'end'
      ? found.trace.title
      : redactSecrets(describeEnd(input.task, words, said), input.secrets);
  const cause =
    found?.role === 'end' ? title : redactSecrets(causeOfEnd(input.task, title, explanation), input.secrets);
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
    ...(found?.role === 'printed'
      ? { earlier: { title: found.trace.title, ...(found.trace.culprit && { place: found.trace.culprit }) } }
      : {}),
    signature: formatSignature(cause, placeOf(trace?.culprit, input.projectDir)),
    ...(explanation === undefined ? {} : { explanation }),
    ...(input.systemText === undefined
      ? {}
      : { system: parseSystemInformation(input.systemText, input.secrets) }),
    ...(otherLogs.length === 0 ? {} : { otherLogs: otherLogs.map(lastLines) }),
    stderrTail: stderrLines.slice(-TAIL_LINES),
    stdoutTail: stdoutLines.slice(-TAIL_LINES),
    stderrFile: stderr,
    stdoutFile: stdout,
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
function readableLines(output: string, secrets: readonly string[] | undefined): string[] {
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
