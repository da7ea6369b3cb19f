import { isOutOfReach } from '../../core/base/errors';
import { formatTaskList } from '../../core/engine/taskRanges';
import { isFinal, isSweepOver } from '../../core/engine/taskState';
import type { SweepSummary } from '../../core/facade';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { currentSweep, waitUntilSweep } from '../follow';
import { settle } from '../settle';
import { chooseSweep, chooseTasks } from '../sweepChoice';
import { handleOf } from '../sweepHandle';
import { formatCounts, formatTaskNumbers, formatTasks } from '../text/counts';
import { upToDate } from '../upToDate';

/** `hsm pause SWEEP` */
export async function pauseSweep(context: CommandContext, sweep: string): Promise<ExitCode> {
  const target = await findOpen(context, sweep);
  if (!target) return EXIT.ok;
  await context.project.pause(target.id);
  if (!(await reachesAll(context, target))) return EXIT.sourceTrouble;
  const { counts } = currentSweep(context, target.id);
  const running = counts.running > 0 ? ` What runs now (${formatTasks(counts.running)}) goes on.` : '';
  context.err.print(
    `${target.id} is paused: it starts no new tasks.${running}`,
    `Go on with: hsm resume ${handleOf(target, context.project)}`,
  );
  return EXIT.ok;
}

/** `hsm resume SWEEP` */
export async function resumeSweep(context: CommandContext, sweep: string): Promise<ExitCode> {
  const target = await findOpen(context, sweep);
  if (!target) return EXIT.ok;
  if (target.state === 'stopping' || target.state === 'cancelling') {
    context.err.print(
      `${target.id} is ${target.state} and cannot be resumed; when it is over, use hsm rerun.`,
    );
    return EXIT.badInput;
  }
  await context.project.resume(target.id);
  if (!(await reachesAll(context, target))) return EXIT.sourceTrouble;
  const open = formatCounts(currentSweep(context, target.id).counts, ['running', 'queued', 'waiting']);
  context.err.print(`${target.id} goes on: ${open}.`);
  return EXIT.ok;
}

/** `hsm stop SWEEP`: no more tasks start; those that run come to their end. */
export async function stopSweep(context: CommandContext, sweep: string): Promise<ExitCode> {
  const target = await findOpen(context, sweep);
  if (!target) return EXIT.ok;
  await context.project.stop(target.id);
  if (!(await reachesAll(context, target))) return EXIT.sourceTrouble;
  const now = await waitUntilSweep(context, target.id, ({ counts }) => counts.waiting + counts.queued === 0);
  const { running, cancelled } = now.counts;
  const dropped = cancelled - target.counts.cancelled;
  context.err.print(
    `${target.id} is stopping: ${formatTasks(Math.max(0, dropped))} dropped, ` +
      (running > 0 ? `what runs now (${formatTasks(running)}) comes to its end.` : 'none is running.'),
  );
  return leftEarly(context);
}

/** `hsm cancel SWEEP`: ends what runs and drops the rest; with `tasks`, only those. */
export async function cancelSweep(
  context: CommandContext,
  sweep: string,
  flags: { readonly tasks?: string },
): Promise<ExitCode> {
  const { project, err } = context;
  const chosen = chooseSweep(context, sweep);
  const tasks = flags.tasks === undefined ? undefined : chooseTasks(chosen, flags.tasks);
  const target = await findOpen(context, chosen.id);
  if (!target) return EXIT.ok;
  await project.cancel(target.id, tasks);
  err.print(cancelText(target, tasks));
  if (!(await reachesAll(context, target))) return EXIT.sourceTrouble;
  const wanted = tasks && new Set(tasks);
  const now = await waitUntilSweep(context, target.id, (current) =>
    wanted
      ? project.tasks(current.id).every(({ number, state }) => !wanted.has(number) || isFinal(state))
      : isSweepOver(current.state),
  );
  if (context.interrupted.aborted) {
    err.print(`Not all have ended yet; hsm status ${handleOf(target, project)} shows when they have.`);
  } else err.print(`${target.id}: ${formatCounts(now.counts)}.`);
  return leftEarly(context);
}

/** `hsm slots SWEEP SOURCE N` */
export async function setSweepSlots(
  context: CommandContext,
  sweep: string,
  source: string,
  slots: number,
): Promise<ExitCode> {
  const target = await findOpen(context, sweep);
  if (!target) return EXIT.ok;
  await context.project.setSlots(target.id, source, slots);
  if (!(await reachesAll(context, target))) return EXIT.sourceTrouble;
  context.err.print(`${target.id}: ${source} runs ${formatTasks(slots)} at one time from now on.`);
  return EXIT.ok;
}

/** The sweep if something of it is left to do; otherwise says that there is not. */
async function findOpen(context: CommandContext, text: string): Promise<SweepSummary | undefined> {
  const sweep = await upToDate(context, chooseSweep(context, text));
  if (!isSweepOver(sweep.state)) return sweep;
  context.err.print(`${sweep.id} is over already: ${formatCounts(sweep.counts)}. Nothing was changed.`);
  return undefined;
}

/** Whether every source has taken what was asked; else tells that it stays asked, and what carries it out. */
async function reachesAll(
  { project, err, interrupted }: CommandContext,
  { id }: SweepSummary,
): Promise<boolean> {
  try {
    await settle(project, id, interrupted);
    return true;
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
    err.print(
      error.message,
      `What you asked of ${id} is written down. It is done there when somebody drives the sweep and the source answers: hsm attach ${handleOf({ id }, project)}`,
    );
    return false;
  }
}

function leftEarly({ interrupted }: CommandContext): ExitCode {
  return interrupted.aborted ? EXIT.interrupted : EXIT.ok;
}

function cancelText({ id, counts }: SweepSummary, tasks: readonly number[] | undefined): string {
  if (tasks) return `${id}: cancelling ${formatTaskNumbers(formatTaskList(tasks))}.`;
  const rest = counts.queued + counts.waiting;
  return `${id}: ending what runs (${formatTasks(counts.running)}), dropping what has not started (${rest}).`;
}
