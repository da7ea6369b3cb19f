import { isFinal, type TaskState } from '../../core/engine/taskState';
import type { RerunChoice, SweepSummary } from '../../core/facade';
import { formatTaskList } from '../../core/engine/taskRanges';
import { carryThrough, type CarryOptions } from '../carryThrough';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { chooseSweep, chooseTasks } from '../sweepChoice';
import { formatCounts, formatTaskNumbers } from '../text/counts';
import { upToDate } from '../upToDate';

export interface RerunFlags extends CarryOptions {
  readonly failed?: boolean;
  readonly tasks?: string;
}

/** `hsm rerun SWEEP`: runs tasks again under their numbers; by default everything that did not succeed. */
export async function rerunTasks(
  context: CommandContext,
  sweep: string,
  flags: RerunFlags,
): Promise<ExitCode> {
  const { project, err } = context;
  const chosen = await upToDate(context, chooseSweep(context, sweep));
  const { choice, what } = choose(context, chosen, flags);
  if (what === undefined) {
    err.print(`${chosen.id} has nothing to run again: ${formatCounts(chosen.counts)}.`);
    return EXIT.ok;
  }
  await project.rerun(chosen.id, choice);
  err.print(`${chosen.id}: running ${what} again.`);
  return carryThrough(context, chosen.id, flags);
}

interface Choice {
  readonly choice: RerunChoice;
  /** In words; absent when it is nothing. */
  readonly what?: string;
}

function choose(context: CommandContext, sweep: SweepSummary, { failed, tasks }: RerunFlags): Choice {
  if (tasks !== undefined) return chooseByNumber(context, sweep, chooseTasks(sweep, tasks));
  const states: readonly TaskState[] = failed === true ? ['failed', 'lost'] : ['failed', 'lost', 'cancelled'];
  const counts = formatCounts(sweep.counts, states);
  const all = failed === true ? '' : 'everything that did not succeed: ';
  return {
    choice: { kind: failed === true ? 'failed' : 'unsuccessful' },
    ...(counts !== '' && { what: `${all}${counts},` }),
  };
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
