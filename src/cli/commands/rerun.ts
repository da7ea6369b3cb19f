import { HsmError } from '../../core/base/errors';
import type { ResourceChange } from '../../core/engine/resourceChange';
import { describeChange } from '../../core/engine/resourceText';
import { isFinal, type TaskState } from '../../core/engine/taskState';
import type { RerunChoice, SweepSummary } from '../../core/facade';
import { formatTaskList } from '../../core/engine/taskRanges';
import type { StartWish } from '../../core/sync/beforeStart';
import { carryThrough, type CarryOptions } from '../carryThrough';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { chooseSweep, chooseTasks } from '../sweepChoice';
import { formatCounts, formatTaskNumbers } from '../text/counts';
import { oneLine } from '../text/displayWidth';
import { upToDate } from '../upToDate';

export interface RerunFlags extends CarryOptions {
  readonly failed?: boolean;
  readonly tasks?: string;
  /** Position of a cause in what `hsm errors` prints, from 1. */
  readonly group?: number;
  readonly source?: readonly string[];
  /** Seconds; null: none. */
  readonly timeLimit?: number | null;
  readonly memory?: string;
  readonly slots?: number;
  readonly sync?: StartWish;
}

/** `hsm rerun SWEEP`: runs tasks again under their numbers; by default everything that did not succeed. */
export async function rerunTasks(
  context: CommandContext,
  sweep: string,
  flags: RerunFlags,
): Promise<ExitCode> {
  const { project, err, interrupted } = context;
  const chosen = await upToDate(context, chooseSweep(context, sweep));
  const { choice, what } = await choose(context, chosen, flags);
  if (what === undefined) {
    err.print(`${chosen.id} has nothing to run again: ${formatCounts(chosen.counts)}.`);
    return EXIT.ok;
  }
  const change = changeOf(flags);
  const options = flags.sync === undefined ? {} : { sync: flags.sync };
  await project.rerun(chosen.id, choice, change, options, interrupted);
  err.print(`${chosen.id}: running ${what} again${describeChange(change)}.`);
  return carryThrough(context, chosen.id, flags);
}

function changeOf({ source, timeLimit, memory, slots }: RerunFlags): ResourceChange {
  return {
    ...(source === undefined ? {} : { sources: source }),
    ...(timeLimit === undefined ? {} : { timeLimitSec: timeLimit }),
    ...(memory === undefined ? {} : { memory }),
    ...(slots === undefined ? {} : { slots }),
  };
}

interface Choice {
  readonly choice: RerunChoice;
  /** In words; absent when it is nothing. */
  readonly what?: string;
}

async function choose(context: CommandContext, sweep: SweepSummary, flags: RerunFlags): Promise<Choice> {
  const { failed, tasks, group } = flags;
  if (group !== undefined) return chooseByCause(context, sweep, group);
  if (tasks !== undefined) return chooseByNumber(context, sweep, chooseTasks(sweep, tasks));
  const states: readonly TaskState[] = failed === true ? ['failed', 'lost'] : ['failed', 'lost', 'cancelled'];
  const counts = formatCounts(sweep.counts, states);
  const all = failed === true ? '' : 'everything that did not succeed: ';
  return {
    choice: { kind: failed === true ? 'failed' : 'unsuccessful' },
    ...(counts !== '' && { what: `${all}${counts},` }),
  };
}

async function chooseByCause(
  { project }: CommandContext,
  { id }: SweepSummary,
  position: number,
): Promise<Choice> {
  const groups = await project.failureGroups(id);
  const group = groups[position - 1];
  if (!group) {
    const many = groups.length === 1 ? 'one cause' : `${groups.length} causes`;
    const known = groups.length === 0 ? 'no failures' : `failures of ${many}`;
    throw new HsmError('input.invalid', `${id} has ${known}, no group ${position}. Nothing was started.`, {
      hint: 'hsm errors lists the groups with their numbers.',
    });
  }
  const what = `${formatTaskNumbers(formatTaskList(group.tasks))} (${oneLine(group.title)})`;
  return { choice: { kind: 'tasks', tasks: group.tasks }, what };
}

/** Tasks that have not ended yet are left alone. */
function chooseByNumber(
  { project, err }: CommandContext,
  sweep: SweepSummary,
  wanted: readonly number[],
): Choice {
  const ended = new Set(
    project
      .tasks(sweep.id)
      .filter(({ state }) => isFinal(state))
      .map(({ number }) => number),
  );
  const open = wanted.filter((task) => !ended.has(task));
  if (open.length > 0)
    err.print(`Left alone, because not ended yet: ${formatTaskNumbers(formatTaskList(open))}.`);
  const tasks = wanted.filter((task) => ended.has(task));
  return {
    choice: { kind: 'tasks', tasks },
    ...(tasks.length > 0 && { what: formatTaskNumbers(formatTaskList(tasks)) }),
  };
}
