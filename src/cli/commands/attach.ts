import { carryThrough, type CarryOptions } from '../carryThrough';
import type { CommandContext } from '../commandContext';
import type { ExitCode } from '../exitCode';
import { chooseSweep } from '../sweepChoice';

/** `hsm attach SWEEP`: drives a sweep that nobody drives, or follows it, to its end. */
export async function attachSweep(
  context: CommandContext,
  sweep: string,
  flags: CarryOptions,
): Promise<ExitCode> {
  const { project, err } = context;
  const { id } = chooseSweep(context, sweep);
  const driver = await project.drive(id);
  if (typeof driver === 'object')
    err.print(`${id} is driven by process ${driver.pid} on ${driver.host}; following it.`);
  return carryThrough(context, id, flags);
}
