import { describeEnd } from './describeEnd';
import type { FailedTask } from './failedTask';
import type { TaskFailure } from './failure';
import { redactSecrets } from './redact';
import { formatSignature } from './signature';

/**
 * A failure whose output could not be analysed, so that one unreadable log hides no other failure.
 *
 * @param why - what went wrong, for the user
 */
export function unreadFailure(task: FailedTask, why: string): TaskFailure {
  const { number, name, state, attempt, exitCode, signal, stdout, stderr } = task;
  const title = redactSecrets(
    `${describeEnd(task, undefined)}; its output could not be analysed: ${why}`,
  ).replaceAll(/\s+/gu, ' ');
  return {
    task: number,
    name,
    state,
    attempt,
    exitCode,
    signal,
    title,
    frames: [],
    signature: formatSignature(title, undefined),
    stderrTail: [],
    stdoutTail: [],
    stderrFile: stderr,
    stdoutFile: stdout,
  };
}
