import type { TaskCounts } from '../../../../src/core/engine/taskState';
import type { SweepSummary, TaskSummary } from '../../../../src/core/facade';

/** Noon of the first day of 2026, UTC. */
export const NOON = Date.UTC(2026, 0, 1, 12);

export function countsOf(counts: Partial<TaskCounts>): TaskCounts {
  return { waiting: 0, queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0, lost: 0, ...counts };
}

/** A sweep that runs, with the fields given. Its total is the sum of its counts. */
export function sweepOf(fields: Partial<SweepSummary> = {}): SweepSummary {
  const counts = countsOf(fields.counts ?? { running: 1 });
  const id = fields.id ?? 'sweep_20260101_120000';
  return {
    id,
    dir: `/project/outputs/${id}`,
    file: 'sweeps/lr.yaml',
    state: 'running',
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    sources: ['local'],
    createdAtMs: NOON,
    driver: 'here',
    notes: [],
    ...fields,
    counts,
  };
}

export function taskOf(fields: Partial<TaskSummary> & { readonly number: number }): TaskSummary {
  return {
    name: `task_${String(fields.number).padStart(4, '0')}`,
    state: 'succeeded',
    source: 'local',
    attempt: 1,
    ...fields,
  };
}
