import { HsmError } from '../../core/base/errors';
import { isFinal } from '../../core/engine/taskState';
import type { TaskDetails, TaskSummary } from '../../core/facade';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { LogFile } from '../logFile';
import { RemoteLog } from '../remoteLog';
import { chooseSweep, chooseTask } from '../sweepChoice';
import { upToDate } from '../upToDate';

export interface LogFlags {
  readonly stderr?: boolean;
  readonly follow?: boolean;
}

const LOOK_MS = 200;
/** And a host that is asked over a network. */
const LOOK_FAR_MS = 1_000;
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
  const details = await project.task(chosen.id, chooseTask(chosen, task));
  const { number } = details;
  const log = openLog(context, details, flags);
  try {
    const ended =
      flags.follow === true ? await follow(context, chosen.id, number, log) : await copy(context, log);
    if (ended && !log.wasThere) {
      const { state } = taskNow(context, chosen.id, number);
      err.print(`Task ${number} has no output yet: it is ${state}.`);
    }
    if (log instanceof RemoteLog && log.note !== undefined)
      err.print(`This is the copy here, which may be cut off. ${log.note}`);
    return context.interrupted.aborted ? EXIT.interrupted : EXIT.ok;
  } finally {
    await log.close();
  }
}

type Log = LogFile | RemoteLog;

/** Of a task on this machine its file, byte for byte. */
function openLog(
  { project, out, interrupted }: CommandContext,
  { sweepId, number, source, stdout, stderr }: TaskDetails,
  flags: LogFlags,
): Log {
  const stream = flags.stderr === true ? 'stderr' : 'stdout';
  const type = project.sources().find(({ name }) => name === source)?.type ?? 'local';
  if (type === 'local') return new LogFile(stream === 'stderr' ? stderr : stdout);
  return new RemoteLog(
    (range) => project.readTaskLog(sweepId, number, stream, range, interrupted),
    out.isTerminal,
  );
}

/** @returns whether somebody still reads */
async function copy({ out }: CommandContext, log: Log): Promise<boolean> {
  for await (const chunk of log.news()) {
    if (!(await out.write(chunk))) return false;
  }
  return true;
}

async function follow(context: CommandContext, sweepId: string, task: number, log: Log): Promise<boolean> {
  const { interrupted, clock } = context;
  const trouble = { told: '' };
  let observedAt = clock.elapsed();
  while (!interrupted.aborted) {
    // Asked before the copy: what it wrote up to its end is then surely in what is copied.
    const ended = isFinal(taskNow(context, sweepId, task).state);
    const outcome = await tryToCopy(context, log, trouble);
    if (outcome === 'nobody reads') return false;
    if (ended && outcome === 'copied') return true;
    await new Promise<void>((resolve) =>
      clock.after(log instanceof RemoteLog ? LOOK_FAR_MS : LOOK_MS, resolve),
    );
    if (clock.elapsed() - observedAt < OBSERVE_MS) continue;
    const sweep = context.project.sweep(sweepId);
    if (sweep) await upToDate(context, sweep);
    observedAt = clock.elapsed();
  }
  return true;
}

/** A host that is out of reach for a while is told once and waited for. */
async function tryToCopy(
  context: CommandContext,
  log: Log,
  trouble: { told: string },
): Promise<'copied' | 'nobody reads' | 'out of reach'> {
  try {
    const isRead = await copy(context, log);
    trouble.told = '';
    return isRead ? 'copied' : 'nobody reads';
  } catch (error) {
    if (!HsmError.is(error, 'host.unreachable')) throw error;
    if (trouble.told !== error.message) context.err.print(error.message);
    trouble.told = error.message;
    return 'out of reach';
  }
}

function taskNow({ project }: CommandContext, sweepId: string, task: number): TaskSummary {
  const [summary] = project.tasks(sweepId, { offset: task - 1, limit: 1 });
  if (!summary) throw new Error(`Sweep ${sweepId} has no task ${task} any more.`);
  return summary;
}
