import { carryThrough, type CarryOptions } from '../carryThrough';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { chooseSweep } from '../sweepChoice';
import { formatTasks } from '../text/counts';

/** `hsm extend SWEEP`: adds the combinations that the sweep's file gained, and runs them. */
export async function extendSweep(
  context: CommandContext,
  sweep: string,
  flags: CarryOptions,
): Promise<ExitCode> {
  const { project, err } = context;
  const { id, file } = chooseSweep(context, sweep);
  const added = await project.extend(id);
  if (added === 0) {
    err.print(`${file} has no combination that ${id} does not have yet. Nothing was added.`);
    return EXIT.ok;
  }
  err.print(`${id}: ${formatTasks(added)} added.`);
  return carryThrough(context, id, flags);
}
