import type { FailureGroup, TaskFailure } from './failure';

/**
 * Failures by cause, the biggest group first, then the one with the lowest task number. A group is named after its
 * first task's failure, and its tasks are in the order of their numbers.
 */
export function groupFailures(failures: readonly TaskFailure[]): FailureGroup[] {
  const bySignature = new Map<string, TaskFailure[]>();
  for (const failure of [...failures].sort((a, b) => a.task - b.task)) {
    const group = bySignature.get(failure.signature);
    if (group) group.push(failure);
    else bySignature.set(failure.signature, [failure]);
  }
  // The sort is stable: groups of one size stay in the order of their first tasks.
  return [...bySignature.values()].map(toGroup).sort((a, b) => b.tasks.length - a.tasks.length);
}

function toGroup(failures: readonly TaskFailure[]): FailureGroup {
  const [first] = failures;
  return {
    signature: first?.signature ?? '',
    title: first?.title ?? '',
    tasks: failures.map((failure) => failure.task),
    ...(first?.culprit?.localFile !== undefined && {
      file: first.culprit.localFile,
      line: first.culprit.line,
    }),
  };
}
