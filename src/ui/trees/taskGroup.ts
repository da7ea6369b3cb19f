import type { TaskCounts, TaskState } from '../../core/engine/taskState';

/** Under which heading a task stands in the Sweeps view. */
export const TASK_GROUPS = ['failed', 'running', 'queued', 'done'] as const;
export type TaskGroup = (typeof TASK_GROUPS)[number];

const STATES: Readonly<Record<TaskGroup, readonly TaskState[]>> = {
  failed: ['failed', 'lost'],
  running: ['running'],
  queued: ['waiting', 'queued'],
  done: ['succeeded', 'cancelled'],
};

export function statesOf(group: TaskGroup): readonly TaskState[] {
  return STATES[group];
}

export function countOf(group: TaskGroup, counts: TaskCounts): number {
  return STATES[group].reduce((sum, state) => sum + counts[state], 0);
}

/** Tasks that count as failures: they need someone to look. */
export const FAILURE_STATES = STATES.failed;

export function isFailure(state: TaskState): boolean {
  return FAILURE_STATES.includes(state);
}
