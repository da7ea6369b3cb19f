/**
 * Task states. `waiting`: not handed over; `queued`: accepted by a source; the last four are final.
 * `lost`: it started, there is no end record and its process is proven gone.
 */
export const TASK_STATES = [
  'waiting',
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'lost',
] as const;
export type TaskState = (typeof TASK_STATES)[number];

export function isFinal(state: TaskState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled' || state === 'lost';
}

/** Tasks by state. */
export type TaskCounts = Readonly<Record<TaskState, number>>;

/** Tasks that have ended, in whatever way. */
export function finalCount(counts: TaskCounts): number {
  return counts.succeeded + counts.failed + counts.cancelled + counts.lost;
}

/**
 * Sweep states. `paused`: starts no new task; `stopping`: starts no more and lets running ones finish; `cancelling`:
 * ends what runs. The last three are final: `failed` when a task failed or is lost, else `cancelled` when a task was
 * cancelled, else `succeeded`.
 */
export type SweepState =
  'running' | 'paused' | 'stopping' | 'cancelling' | 'succeeded' | 'failed' | 'cancelled';

export function isSweepOver(state: SweepState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}
