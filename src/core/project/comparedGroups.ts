import type { FailureGroup } from '../analysis/failure';
import { judgeMachine } from '../analysis/judgeMachine';
import { judgeShared } from '../analysis/judgeShared';
import { GroupProfile, type Parameters, type Statement } from '../analysis/sharedParameters';
import { StatementCounts } from '../analysis/statementCounts';
import type { SweepSnapshot } from '../engine/sweepState';
import type { SweepStore } from '../engine/sweepStore';
import { isFinal } from '../engine/taskState';
import { parametersToJson } from '../sweep/value';

/**
 * So often at most a statement is looked at for a task, about half a second: the biggest groups come first, and of those
 * that are left it is told. A grid of 10,000 tasks with 500 causes stays far below.
 */
const MOST_CHECKS = 50_000_000;

/** A sweep whose tasks are compared. */
interface ComparedSweep {
  readonly state: SweepSnapshot;
  readonly store: Pick<SweepStore, 'allTasks'>;
}

/**
 * Groups with what the parameters of their tasks and the places where they ran have in common, and those of others do not.
 * Two passes over the tasks' parameters: what a group has in common, then of how many ended tasks that is true.
 *
 * @param groups - the biggest first
 */
export async function compareGroups(
  sweep: ComparedSweep,
  groups: readonly FailureGroup[],
  mostChecks = MOST_CHECKS,
): Promise<readonly FailureGroup[]> {
  const { profiles, total } = await profileGroups(sweep, groups);
  const candidates = profiles.map((profile) => profile.candidates());
  const compared = withinBudget(candidates, Math.floor(mostChecks / Math.max(1, total)));
  const counts = new StatementCounts(candidates.slice(0, compared).flat());
  if (candidates.some((list) => list.length > 0))
    for await (const { parameters, source } of endedTasks(sweep)) counts.add(parameters, source);
  return groups.map((group, index) => {
    const own = candidates[index] ?? [];
    if (index >= compared && own.length > 0) return { ...group, isNotCompared: true };
    const sharedParameters = [
      ...judgeShared(own, counts, group.tasks.length),
      ...judgeMachine(group, groups, sweep.state.sources),
    ];
    return sharedParameters.length === 0 ? group : { ...group, sharedParameters };
  });
}

async function profileGroups(
  sweep: ComparedSweep,
  groups: readonly FailureGroup[],
): Promise<{ profiles: readonly GroupProfile[]; total: number }> {
  const profiles = groups.map(() => new GroupProfile());
  const groupOf = new Map(groups.flatMap(({ tasks }, index) => tasks.map((task) => [task, profiles[index]])));
  let total = 0;
  for await (const { number, parameters, source } of endedTasks(sweep)) {
    total += 1;
    groupOf.get(number)?.add(parameters, source);
  }
  return { profiles, total };
}

/** How many of the groups, from the first on, can be compared with so many different statements. */
function withinBudget(candidates: readonly (readonly Statement[])[], most: number): number {
  const different = new Set<string>();
  const end = candidates.findIndex((list) => {
    for (const statement of list) different.add(JSON.stringify(statement));
    return different.size > most;
  });
  return end < 0 ? candidates.length : end;
}

interface EndedTask {
  readonly number: number;
  readonly parameters: Parameters;
  readonly source: string | undefined;
}

/** Tasks that were cancelled did not end by themselves, so they say nothing. */
async function* endedTasks({ state, store }: ComparedSweep): AsyncGenerator<EndedTask> {
  for await (const { number, parameters } of store.allTasks()) {
    if (number > state.tasks.total) return;
    const ended = state.tasks.stateOf(number);
    if (!isFinal(ended) || ended === 'cancelled') continue;
    yield {
      number,
      parameters: parametersToJson(parameters),
      source: state.sources[state.tasks.sourceOf(number)],
    };
  }
}
