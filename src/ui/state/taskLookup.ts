import type { SweepFacade, TaskSummary } from '../../core/facade';

/** One task as lists show it, from memory. */
export function findTask(
  facade: Pick<SweepFacade, 'tasks'>,
  sweepId: string,
  number: number,
): TaskSummary | undefined {
  // Numbers are positions from 1, so the task is nearly always where its number says.
  const [expected] = facade.tasks(sweepId, { offset: number - 1, limit: 1, withParameters: true });
  if (expected?.number === number) return expected;
  return facade.tasks(sweepId).find((task) => task.number === number);
}
