/**
 * Where the files of an earlier attempt are that ran elsewhere than the present one: in the sweep's directory, beside
 * `tasks`, as `earlier/attempt1/task_0001`. Together they would be taken for one attempt's: what only the first of them
 * wrote would be read as a result of the second. (An attempt on the same source finds the directory as the one before
 * left it, so there the files stay together.)
 */
export const EARLIER = 'earlier';

/** The directory that holds the tasks' directories of such attempts, relative to the sweep's. */
export function earlierTasksDir(attempt: number): string {
  return `${EARLIER}/attempt${attempt}`;
}
