import { offeredChanges, type OfferedChange } from '../../core/analysis/offeredChanges';
import type { FailureGroup } from '../../core/analysis/failure';
import type { SourceSummary, SweepSummary, TaskSummary } from '../../core/facade';
import { describeChange } from '../../core/engine/resourceText';
import { longestTimeLimit } from '../../core/engine/timeLimit';

/** What the causes of a sweep's failures are to be helped with. */
export interface AdvisedSweep {
  readonly sweep: Pick<SweepSummary, 'sources' | 'timeLimitSec'>;
  /** Those that failed, and perhaps others: they tell what they had. */
  readonly tasks: readonly Pick<TaskSummary, 'number' | 'resources'>[];
  /** All that are configured. */
  readonly sources: readonly SourceSummary[];
  /** How commands name the sweep. */
  readonly handle: string;
}

/**
 * Commands that give the tasks of each cause what they lacked, as far as their causes tell what that is.
 *
 * @param groups - as `hsm errors` numbers them
 */
export function rerunAdvice(
  groups: readonly FailureGroup[],
  { sweep, tasks, sources, handle }: AdvisedSweep,
): [command: string, what: string][] {
  return groups.flatMap((group, index): [string, string][] => {
    const members = new Set(group.tasks);
    const timeLimitSec = longestTimeLimit(
      tasks.filter(({ number }) => members.has(number)),
      sweep,
    );
    const limit = timeLimitSec === undefined ? {} : { timeLimitSec };
    const [best] = offeredChanges({ group, sweep, sources, ...limit });
    const flags = best && flagsOf(best);
    if (best === undefined || flags === undefined) return [];
    return [[`hsm rerun ${handle} --group ${index + 1} ${flags}`, `again${describeChange(best.change)}`]];
  });
}

/** Undefined for no change. */
function flagsOf({ change: { sources = [], timeLimitSec, slots } }: OfferedChange): string | undefined {
  const flags = [
    ...sources.map((name) => `--source ${name}`),
    ...(timeLimitSec === undefined || timeLimitSec === null ? [] : [`--time-limit ${timeLimitSec}s`]),
    ...(slots === undefined ? [] : [`--slots ${slots}`]),
  ];
  return flags.length > 0 ? flags.join(' ') : undefined;
}
