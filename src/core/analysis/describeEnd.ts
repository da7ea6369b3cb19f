import type { TaskState } from '../engine/taskState';

/** The facts of a task's end that words are made of. */
export interface TaskEnd {
  readonly state: TaskState;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly endedBy?: 'timeout' | 'cancel';
  readonly reason?: string;
}

/** The last lines of what a task wrote. */
export interface TaskOutput {
  readonly stderr: readonly string[];
  readonly stdout: readonly string[];
}

const QUOTED_LENGTH = 200;
const HYDRA_ADVICE = 'Set the environment variable HYDRA_FULL_ERROR=1';

/**
 * How a task ended, in one line, from its exit code or signal and the last words of its output; nothing is concluded
 * from them.
 *
 * @param output - lines without terminal escapes; undefined: it is not on this machine
 */
export function describeEnd(task: TaskEnd, output: TaskOutput | undefined): string {
  const words = output ? lastWords(output) : '';
  if (task.state === 'lost') return `lost: ${task.reason ?? 'there is no record of its end'}`;
  if (task.endedBy === 'timeout') return task.reason ?? 'ended by the time limit';
  if (task.endedBy === 'cancel') return task.reason ?? 'cancelled';
  if (task.signal !== undefined) return `killed by ${task.signal}${words}`;
  if (task.exitCode === 127) return `command not found (exit code 127)${words}`;
  if (task.exitCode === 126) return `the command could not be run (exit code 126)${words}`;
  if (task.exitCode !== undefined) return `exit code ${task.exitCode}${words}`;
  return task.reason ?? 'failed, and nothing tells how it ended';
}

function lastWords({ stderr, stdout }: TaskOutput): string {
  const hydra = hydraMessage(stderr);
  if (hydra !== undefined) return `; Hydra says: ${hydra}`;
  const said = lastLine(stderr);
  if (said !== undefined) return `; the last line of stderr: ${said}`;
  const printed = lastLine(stdout);
  return printed === undefined
    ? '; it printed nothing'
    : `; stderr is empty, the last line of stdout: ${printed}`;
}

function lastLine(lines: readonly string[]): string | undefined {
  const line = lines.findLast((candidate) => candidate.trim() !== '')?.trim();
  return line === undefined || line.length <= QUOTED_LENGTH ? line : `${line.slice(0, QUOTED_LENGTH)}…`;
}

/**
 * Hydra explains a refused override in a paragraph, of which the first line is the message, and ends with advice:
 *
 * ```text
 * Could not override 'optimizer.lrr'.
 * To append to your config use +optimizer.lrr=1
 *
 * Set the environment variable HYDRA_FULL_ERROR=1 for a complete stack trace.
 * ```
 */
function hydraMessage(stderr: readonly string[]): string | undefined {
  const advice = stderr.findLastIndex((line) => line.trim() !== '');
  if (stderr[advice]?.startsWith(HYDRA_ADVICE) !== true) return undefined;
  const last = stderr.slice(0, advice).findLastIndex((line) => line.trim() !== '');
  if (last < 0) return undefined;
  const blank = stderr.slice(0, last).findLastIndex((line) => line.trim() === '');
  return lastLine(stderr.slice(blank + 1, blank + 2));
}
