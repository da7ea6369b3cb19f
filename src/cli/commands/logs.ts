import { isFinal } from '../../core/engine/taskState';
import type { TaskSummary } from '../../core/facade';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { LogFile } from '../logFile';
import { chooseSweep, chooseTask } from '../sweepChoice';
import { upToDate } from '../upToDate';

export interface LogFlags {
  readonly stderr?: boolean;
  readonly follow?: boolean;
}

const LOOK_MS = 200;
/** How often the sources of a sweep that nobody drives are asked. */
const OBSERVE_MS = 2_000;

/** `hsm logs SWEEP TASK`: the bytes that a task wrote, with `--follow` until it has ended. */
export async function showLog(
  context: CommandContext,
  sweep: string,
  task: string,
  flags: LogFlags,
): Promise<ExitCode> {
  const { project, err } = context;
  const chosen = await upToDate(context, chooseSweep(context, sweep));
  const { number, stdout, stderr } = await project.task(chosen.id, chooseTask(chosen, task));
  const log = new LogFile(flags.stderr === true ? stderr : stdout);
  try {
    const ended =
      flags.follow === true ? await follow(context, chosen.id, number, log) : await copy(context, log);
    if (ended && !log.wasThere) {
      const { state } = taskNow(context, chosen.id, number);
      err.print(`Task ${number} has no output yet: it is ${state}.`);
    }
    return context.interrupted.aborted ? EXIT.interrupted : EXIT.ok;
  } finally {
    await log.close();
  }
}

/** @returns whether somebody still reads */
async function copy({ out }: CommandContext, log: LogFile): Promise<boolean> {
  for await (const chunk of log.news()) {
    if (!(await out.write(chunk))) return false;
  }
  return true;
}

async function follow(
  context: CommandContext,
  sweepId: string,
  task: number,
  log: LogFile,
): Promise<boolean> {
  const { interrupted, clock } = context;
  let observedAt = clock.elapsed();
  while (!interrupted.aborted) {
    // Asked before the copy: what it wrote up to its end is then surely in what is copied.
    const ended = isFinal(taskNow(context, sweepId, task).state);
    if (!(await copy(context, log))) return false;
    if (ended) return true;
    await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
    if (clock.elapsed() - observedAt < OBSERVE_MS) continue;
    const sweep = context.project.sweep(sweepId);
    if (sweep) await upToDate(context, sweep);
    observedAt = clock.elapsed();
  }
  return true;
}

function taskNow({ project }: CommandContext, sweepId: string, task: number): TaskSummary {
  const [summary] = project.tasks(sweepId, { offset: task - 1, limit: 1 });
  if (!summary) throw new Error(`Sweep ${sweepId} has no task ${task} any more.`);
  return summary;
}
