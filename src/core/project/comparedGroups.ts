import type { FailureGroup } from '../analysis/failure';
import { GroupProfile, holds, judgeCandidates, type Candidate } from '../analysis/sharedParameters';
import type { SweepSnapshot } from '../engine/sweepState';
import type { SweepStore } from '../engine/sweepStore';
import { isFinal } from '../engine/taskState';
import { parametersToJson } from '../sweep/value';

/** Groups whose parameters are compared with those of the other tasks: the biggest. */
const COMPARED_GROUPS = 20;

/** A sweep whose tasks are compared. */
interface ComparedSweep {
  readonly state: SweepSnapshot;
  readonly store: Pick<SweepStore, 'allTasks'>;
}

/**
 * Groups with what the parameters of their tasks have in common and those of others do not. Two passes over the tasks'
 * parameters: what a group has in common, then of how many ended tasks that is true.
 */
export async function compareGroups(
  sweep: ComparedSweep,
  groups: readonly FailureGroup[],
): Promise<readonly FailureGroup[]> {
  const compared = groups.slice(0, COMPARED_GROUPS).map(({ tasks }) => new Set(tasks));
  const profiles = compared.map(() => new GroupProfile());
  for await (const { number, parameters } of endedTasks(sweep)) {
    const at = compared.findIndex((tasks) => tasks.has(number));
    if (at >= 0) profiles[at]?.add(parametersToJson(parameters));
  }
  const candidates = profiles.map((profile) => profile.candidates());
  if (candidates.every((list) => list.length === 0)) return groups;
  const having = new Map<Candidate, number>(candidates.flat().map((candidate) => [candidate, 0]));
  let total = 0;
  for await (const { parameters } of endedTasks(sweep)) {
    total += 1;
    const json = parametersToJson(parameters);
    for (const [candidate, count] of having) if (holds(candidate, json)) having.set(candidate, count + 1);
  }
  return groups.map((group, index) => {
    const counted = (candidates[index] ?? []).map((candidate) => ({
      candidate,
      having: having.get(candidate) ?? 0,
    }));
    const sharedParameters = judgeCandidates(counted, group.tasks.length, total);
    return sharedParameters.length === 0 ? group : { ...group, sharedParameters };
  });
}

/** Tasks that were cancelled did not end by themselves, so they say nothing. */
async function* endedTasks({ state, store }: ComparedSweep): ReturnType<SweepStore['allTasks']> {
  for await (const task of store.allTasks()) {
    if (task.number > state.tasks.total) return;
    const ended = state.tasks.stateOf(task.number);
    if (isFinal(ended) && ended !== 'cancelled') yield task;
  }
}
