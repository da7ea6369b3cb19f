import { isLastSaid, wentOn } from './afterTrace';
import type { FailedTask } from './failedTask';
import { readFailureTrace, type FailureTrace } from './failureTrace';

/** A trace in a task's output, and what it has to do with the task's end. */
export interface FoundTrace {
  readonly trace: FailureTrace;
  /** Index of the output that it is in. */
  readonly output: number;
  /**
   * `end`: the program ended by it. `last`: nothing was said after it, and the program ended in another way, e.g. because
   * it handled the exception by leaving with a code of its own. `printed`: the program went on.
   */
  readonly role: 'end' | 'last' | 'printed';
}

const ROLES = ['end', 'last', 'printed'] as const;

/** The trace that has most to do with a task's end, in the first output that has such a one. */
export function findTrace(
  task: FailedTask,
  outputs: readonly { readonly lines: readonly string[] }[],
  toLocalFile: (path: string) => string | undefined,
): FoundTrace | undefined {
  const found = outputs.flatMap(({ lines }, output): FoundTrace[] => {
    const trace = readFailureTrace(lines, toLocalFile, task.exitCode);
    return trace ? [{ trace, output, role: roleOf(task, trace) }] : [];
  });
  return ROLES.map((role) => found.find((each) => each.role === role)).find((each) => each !== undefined);
}

function roleOf({ exitCode, endedBy, signal }: FailedTask, trace: FailureTrace): FoundTrace['role'] {
  // A program that ends like this trace has such an exit code; with any other one the trace was only printed.
  const fits = exitCode !== undefined && trace.exitCodes.includes(exitCode) && endedBy === undefined;
  const isOver = trace.goesOn === true ? isLastSaid(trace.after) : !wentOn(trace.after);
  if (fits && isOver) return 'end';
  // Nobody kills a program with SIGKILL for an exception, and it cannot say any more that it went on.
  return isLastSaid(trace.after) && signal !== 'SIGKILL' && exitCode !== 137 ? 'last' : 'printed';
}
