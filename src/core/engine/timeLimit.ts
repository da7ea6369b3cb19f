import type { TaskResources } from './resourceChange';

/** What tells the limit of a task, as its summary and its sweep's do. Seconds. */
interface LimitedTask {
  readonly resources?: TaskResources;
}
interface LimitedSweep {
  readonly timeLimitSec?: number;
}

/** Seconds that an attempt of a task may take: what a rerun gave it, else what its sweep's file gives. Null: no limit. */
export function timeLimitOf({ resources }: LimitedTask, sweep: LimitedSweep): number | null {
  const own = resources?.timeLimitSec;
  return own === undefined ? (sweep.timeLimitSec ?? null) : own;
}

/**
 * The longest limit that one of these tasks had, in seconds. Undefined when one had none: any limit would be less than that.
 */
export function longestTimeLimit(tasks: readonly LimitedTask[], sweep: LimitedSweep): number | undefined {
  const limits = tasks.map((task) => timeLimitOf(task, sweep) ?? Infinity);
  const longest = limits.reduce((most, limit) => Math.max(most, limit), 0);
  return limits.length > 0 && Number.isFinite(longest) ? longest : undefined;
}
