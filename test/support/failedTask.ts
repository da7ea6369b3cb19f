import { signalOf } from '../../src/core/compute/exitCode';
import type { FailedTask } from '../../src/core/analysis/failedTask';

/** A task that failed, as its analysis is given it. */
export function failedTask(changes: Partial<FailedTask> = {}): FailedTask {
  const { exitCode = 1 } = changes;
  const signal = signalOf(exitCode);
  return {
    number: 1,
    name: 'task_0001',
    state: 'failed',
    attempt: 1,
    exitCode,
    stdout: '/out/stdout.log',
    stderr: '/out/stderr.log',
    ...(signal === undefined ? {} : { signal }),
    ...changes,
  };
}
