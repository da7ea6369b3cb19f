import { offeredChanges, type OfferedChange } from '../../core/analysis/offeredChanges';
import type { FailureGroup } from '../../core/analysis/failure';
import type { SourceSummary, SweepSummary } from '../../core/facade';
import { describeChange } from '../../core/engine/resourceText';

/**
 * Commands that give the tasks of each cause what they lacked, as far as their causes tell what that is.
 *
 * @param groups - as `hsm errors` numbers them
 */
export function rerunAdvice(
  groups: readonly FailureGroup[],
  sweep: Pick<SweepSummary, 'sources' | 'timeLimitSec'>,
  sources: readonly SourceSummary[],
  handle: string,
): [command: string, what: string][] {
  const { timeLimitSec } = sweep;
  return groups.flatMap((group, index): [string, string][] => {
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
