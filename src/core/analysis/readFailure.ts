import type { TaskFiles } from '../results/taskFiles';
import { analyzeFailure, type FailureInput } from './analyzeFailure';
import type { TaskFailure } from './failure';

/** Bytes read from the end of each output: a traceback with its chain fits many times. */
const TAIL_BYTES = 128 * 1024;

/** {@link analyzeFailure} with the ends of the task's output files; an absent file is as good as an empty one. */
export async function readFailure(
  files: TaskFiles,
  input: Omit<FailureInput, 'stderrTail' | 'stdoutTail'>,
): Promise<TaskFailure> {
  const [stderrTail, stdoutTail] = await Promise.all([
    files.readTail(input.task.stderr, TAIL_BYTES),
    files.readTail(input.task.stdout, TAIL_BYTES),
  ]);
  return analyzeFailure({ ...input, stderrTail: stderrTail ?? '', stdoutTail: stdoutTail ?? '' });
}
