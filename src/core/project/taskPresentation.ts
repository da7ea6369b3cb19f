import { exitCodeText, signalOf } from '../compute/exitCode';
import type { TaskSummary } from '../facade';
import { formatTimeLimit } from '../engine/resourceText';
import type { SweepSnapshot } from '../engine/sweepState';
import { isFinal } from '../engine/taskState';
import { taskName } from '../sweep/taskName';

/** A task as lists show it. */
export function summarizeTask(snapshot: SweepSnapshot, task: number): TaskSummary {
  const { tasks, policy, sources, resources } = snapshot;
  const state = tasks.stateOf(task);
  // Of a task that waits for another attempt, times and exit code are those of the last one: history.
  const exitCode = isFinal(state) ? tasks.exitCodeOf(task) : undefined;
  const signal = signalOf(exitCode);
  const changed = resources.of(task);
  const source = sources[tasks.sourceOf(task)];
  const startedAtMs = tasks.startedAt(task);
  const endedAtMs = isFinal(state) ? tasks.endedAt(task) : undefined;
  const reason = reasonOf(snapshot, task);
  return {
    number: task,
    // The total at launch: names never change when a sweep is extended.
    name: taskName(task, policy.total),
    state,
    attempt: tasks.attemptOf(task),
    ...(source === undefined ? {} : { source }),
    ...(changed === undefined ? {} : { resources: changed }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    ...(reason === undefined ? {} : { reason }),
    ...(startedAtMs === undefined ? {} : { startedAtMs }),
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
  };
}

/** Why a task is in its state, in words; undefined where the state says it all. */
function reasonOf({ tasks, resources }: SweepSnapshot, task: number): string | undefined {
  switch (tasks.stateOf(task)) {
    case 'failed':
      if (tasks.evidenceOf(task) !== undefined) return tasks.evidenceOf(task);
      return tasks.endedByOf(task) === 'timeout'
        ? timeoutReason(resources.of(task)?.timeLimitSec ?? undefined)
        : exitReason(tasks.exitCodeOf(task));
    case 'lost':
      return tasks.evidenceOf(task);
    case 'cancelled':
      return tasks.startedAt(task) === undefined ? 'not started' : 'ended on request';
    case 'waiting':
      return tasks.attemptOf(task) > 0 ? 'waits for another attempt' : undefined;
    case 'queued':
    case 'running':
    case 'succeeded':
      return undefined;
  }
}

/** @param timeLimitSec - that a rerun gave it; absent: the sweep's */
function timeoutReason(timeLimitSec: number | undefined): string {
  if (timeLimitSec === undefined) return 'ended by the time limit (run.timeout)';
  return `ended by the time limit of ${formatTimeLimit(timeLimitSec)} (timeout)`;
}

function exitReason(exitCode: number | undefined): string | undefined {
  return exitCode === undefined ? undefined : exitCodeText(exitCode);
}
