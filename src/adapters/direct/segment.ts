import { HsmError } from '../../core/base/errors';
import { quoteWord } from '../../core/base/shellWord';
import type { TaskSpec } from '../../core/compute/computeSource';
import { formatLimit, formatVariable, quotable } from './runnerFiles';

/**
 * Tasks in one segment. A lane reads a segment to its end once and then passes over it, so a segment should be short;
 * each costs a file, so it should not be shorter.
 */
const SEGMENT_TASKS = 256;

/** What the names of last segments end with. */
export const SEGMENT_MARK = '.last';

/** A part of the queue: a shell file that lanes read with `.`. */
export interface Segment {
  readonly name: string;
  readonly content: string;
}

/** The name of a batch's last segment. It is written last, so its presence means that the batch was accepted. */
export function lastSegmentName(token: string): string {
  if (!/^[\w-]+$/.test(token)) throw new Error(`not a token for a batch: ${token}`);
  return `${token}${SEGMENT_MARK}`;
}

/**
 * Cuts a batch into segments, in the order of its tasks. Lanes take segments by name, so batches start in the order of
 * their tokens.
 *
 * @throws HsmError `input.invalid` when a task cannot be told to a shell
 */
export function toSegments(token: string, tasks: readonly TaskSpec[]): Segment[] {
  const last = lastSegmentName(token);
  const count = Math.ceil(tasks.length / SEGMENT_TASKS);
  return Array.from({ length: count }, (_, index) => ({
    name: index === count - 1 ? last : `${token}.${String(index).padStart(6, '0')}`,
    content: formatSegment(tasks.slice(index * SEGMENT_TASKS, (index + 1) * SEGMENT_TASKS)),
  }));
}

/**
 * ```
 * d task_0001 task_0002
 * t 1 1 task_0001 'lr: 0.1
 * ' HSM_PARAM_LR=0.1 -- python3 train.py 'lr=0.1'
 * ```
 */
function formatSegment(tasks: readonly TaskSpec[]): string {
  const names = tasks.map((task) => checkName(task.name));
  // Said by the segment alone, so that a lane of an older version keeps to it too.
  const keepsLimit = tasks.some(({ timeoutSec }) => timeoutSec !== undefined) ? KEEP_LIMIT : '';
  return [`d ${names.join(' ')}\n`, keepsLimit, ...tasks.map(formatTask)].join('');
}

/** The sweep's own limit, for the tasks after one that has another. */
const KEEP_LIMIT = 'hsm_limit=${hsm_limit-$hsm_timeout}\n';

function formatTask(task: TaskSpec): string {
  const line = formatCommand(task);
  const { timeoutSec } = task;
  if (timeoutSec === undefined) return line;
  return `hsm_timeout=${formatLimit(timeoutSec)}\n${line}hsm_timeout=$hsm_limit\n`;
}

function formatCommand(task: TaskSpec): string {
  if (task.argv.length === 0) throw new Error(`task ${task.task} has no command`);
  const what = `the command of task ${task.task}`;
  const words = [
    String(task.task),
    String(task.attempt),
    task.name,
    quoteWord(quotable(task.paramsYaml, `the parameters of task ${task.task}`)),
    ...Object.entries(task.env).map(([name, value]) => formatVariable(name, value)),
    '--',
    ...task.argv.map((word) => quoteWord(quotable(word, what))),
  ];
  return `t ${words.join(' ')}\n`;
}

function checkName(name: string): string {
  if (/^\w[\w.-]*$/.test(name)) return name;
  throw new HsmError('input.invalid', `"${name}" cannot be the name of a task's directory.`, {
    hint: 'Use letters, digits, underscores, dots and dashes.',
  });
}
