import type { FailureGroup } from './failure';
import { allByChance } from './judgeShared';
import { formatStatement, type SharedParameter } from './sharedParameters';

const FEWEST_TASKS = 3;
const MOST_CHANCE = 0.01;
const MOST_OTHERS = 0.5;

/**
 * That all tasks of a group failed on one machine of a cluster, where chance would hardly do it. Only of tasks that failed
 * it is known which machine they were on, so they are compared with the other failures.
 *
 * @param groups - all groups of the sweep
 * @param sources - names that are no machine's: what is true of a source is known of all tasks
 */
export function judgeMachine(
  group: FailureGroup,
  groups: readonly FailureGroup[],
  sources: readonly string[],
): SharedParameter[] {
  const [[machine, drawn] = ['', 0], ...more] = Object.entries(group.places ?? {});
  const isOnOne = more.length === 0 && drawn === group.tasks.length && drawn >= FEWEST_TASKS;
  if (!isOnOne || sources.includes(machine)) return [];
  const counts = machineCounts(groups, sources);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const having = counts.get(machine) ?? 0;
  const [others, othersTotal] = [having - drawn, total - drawn];
  // Any of the machines could have been the one.
  const chance = Math.min(1, allByChance(drawn, having, total) * counts.size);
  if (chance >= MOST_CHANCE || others > MOST_OTHERS * othersTotal) return [];
  const statement = { name: 'machine', relation: 'on', value: machine } as const;
  return [{ ...statement, text: formatStatement(statement), others, othersTotal, among: 'failed', chance }];
}

function machineCounts(
  groups: readonly FailureGroup[],
  sources: readonly string[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { places = {} } of groups)
    for (const [place, count] of Object.entries(places))
      if (!sources.includes(place)) counts.set(place, (counts.get(place) ?? 0) + count);
  return counts;
}
