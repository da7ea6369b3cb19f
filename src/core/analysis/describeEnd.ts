import { exitCodeText } from '../compute/exitCode';
import { isAfterword } from './afterTrace';
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
const HYDRA_OVERRIDES = 'Error executing job with overrides: ';
const HYDRA_KEY = 'full_key: ';
// Error locating target 'nomod.Net', set env var HYDRA_FULL_ERROR=1 to see chained exception.
const HYDRA_HINT = /, set env var HYDRA_FULL_ERROR=1.*$/u;
// `/x/y.py:3: UserWarning: text`, `WARNING:root:text`, `[2026-01-02 03:04:05] WARNING - text`
const WARNING = /^(?:\S+:\d+: \w*Warning: |[\s[\]()\d:.,/TZ+-]*WARN(?:ING)?\b)/u;

/**
 * How a task ended, in one line, from its exit code or signal and the last words of its output; nothing is concluded
 * from them.
 *
 * @param output - lines without terminal escapes; undefined: it is not on this machine
 * @param said - the line that is known to tell of the end, where there is one
 */
export function describeEnd(
  task: TaskEnd,
  output: TaskOutput | undefined,
  said?: { readonly log: string; readonly line: string; readonly linesAfter: number },
): string {
  const end = nameEnd(task);
  if (task.state === 'lost' || task.endedBy !== undefined || task.exitCode === undefined) return end;
  if (!output) return end;
  const hydra = hydraMessage(output.stderr);
  if (hydra !== undefined) return `${end}; Hydra says: ${hydra}`;
  return `${end}; ${said ? quote(said.log, said.line, said.linesAfter === 0) : lastWords(output)}`;
}

/** How a task ended, without the words of its output. Equal for all ends of one kind. */
export function nameEnd(task: TaskEnd): string {
  if (task.state === 'lost') return `lost: ${task.reason ?? 'there is no record of its end'}`;
  if (task.endedBy === 'timeout') return task.reason ?? 'ended by the time limit';
  if (task.endedBy === 'cancel') return task.reason ?? 'cancelled';
  if (task.exitCode === undefined && task.signal !== undefined) return `killed by ${task.signal}`;
  if (task.exitCode === 127) return 'command not found (exit code 127)';
  if (task.exitCode === 126) return 'the command could not be run (exit code 126)';
  if (task.exitCode !== undefined) return exitCodeText(task.exitCode);
  return task.reason ?? 'failed, and nothing tells how it ended';
}

function lastWords({ stderr, stdout }: TaskOutput): string {
  const [onStderr, onStdout] = [lastWord(stderr), lastWord(stdout)];
  if (onStderr && (onStderr.isTelling || !onStdout?.isTelling))
    return quote('stderr', onStderr.line, onStderr.isLast);
  if (!onStdout) return 'it printed nothing';
  const instead = onStderr ? 'stderr has only warnings and progress' : 'stderr is empty';
  return `${instead}, ${quote('stdout', onStdout.line, onStdout.isLast)}`;
}

function quote(log: string, line: string, isLast: boolean): string {
  return `${isLast ? `the last line of ${log}` : `${log} says`}: ${cut(line)}`;
}

/** The last line that is no warning, progress bar or word of farewell; the last of all where there is no other. */
function lastWord(
  lines: readonly string[],
): { readonly line: string; readonly isLast: boolean; readonly isTelling: boolean } | undefined {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  if (last < 0) return undefined;
  const telling = lines.findLastIndex((_, at) => tells(lines, at));
  const at = telling < 0 ? last : telling;
  return { line: unframed(lines[at] ?? ''), isLast: at === last, isTelling: telling >= 0 };
}

function tells(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  // A rule, the frame of a box, a compiler's mark below a line of code.
  if (!/[\p{L}\p{N}]/u.test(line) || isAfterword(line) || WARNING.test(line)) return false;
  // Below its warning Python shows the line of code.
  return !(/^\s/u.test(line) && WARNING.test(lines[at - 1] ?? ''));
}

/** Typer's `│ Missing argument 'name'.   │` without what is drawn around it. */
function unframed(line: string): string {
  return line.replace(/^\s*│(.*)│\s*$/u, '$1').trim();
}

function cut(line: string): string {
  return line.length <= QUOTED_LENGTH ? line : `${line.slice(0, QUOTED_LENGTH)}…`;
}

/**
 * Hydra explains what it refused in a paragraph, after a line that tells only what the task was started with, and ends
 * with advice:
 *
 * ```text
 * Error executing job with overrides: ['lr=0.1']
 * Error in call to target 'json.loads':
 * JSONDecodeError('Expecting value: line 1 column 1 (char 0)')
 * full_key: model
 *
 * Set the environment variable HYDRA_FULL_ERROR=1 for a complete stack trace.
 * ```
 */
function hydraMessage(stderr: readonly string[]): string | undefined {
  const advice = stderr.findLastIndex((line) => line.trim() !== '');
  if (stderr[advice]?.startsWith(HYDRA_ADVICE) !== true) return undefined;
  const last = stderr.slice(0, advice).findLastIndex((line) => line.trim() !== '');
  const blank = stderr.slice(0, Math.max(0, last)).findLastIndex((line) => line.trim() === '');
  const paragraph = stderr.slice(blank + 1, last + 1).map((line) => line.trim());
  const [first = '', next = '', ...more] = paragraph.filter((line) => !line.startsWith(HYDRA_OVERRIDES));
  if (first === '') return undefined;
  const said = first.endsWith(':') ? `${first} ${next}` : first.replace(HYDRA_HINT, '');
  const key = [next, ...more].find((line) => line.startsWith(HYDRA_KEY))?.slice(HYDRA_KEY.length);
  return cut(key === undefined || said.includes(`'${key}'`) ? said : `${said} (${HYDRA_KEY}${key})`);
}
