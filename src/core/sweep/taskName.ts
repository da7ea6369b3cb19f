/**
 * The directory name of a task: `task_0001`. At least four digits, more when the sweep's count needs them, so that
 * names sort in the order of their numbers.
 */
export function taskName(number: number, count: number): string {
  return `task_${String(number).padStart(Math.max(4, String(count).length), '0')}`;
}

/**
 * The number in a task's directory name, also of names by the Python tool (`task_7`, `sweep_x_task_007`).
 * Undefined when it is not one.
 */
export function taskIndex(name: string): number | undefined {
  const digits = /(?:^|_)task_(\d+)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
