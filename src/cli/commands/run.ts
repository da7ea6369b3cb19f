import { resolve } from 'node:path';
import type { SweepSummary } from '../../core/facade';
import { carryThrough, type CarryOptions } from '../carryThrough';
import type { CommandContext } from '../commandContext';
import type { ExitCode } from '../exitCode';
import { readSweepFile } from '../sweepFile';
import { formatTasks } from '../text/counts';
import { formatPath } from '../text/paths';

export interface RunFlags extends CarryOptions {
  readonly source?: readonly string[];
  readonly slots?: number;
  readonly maxTasks?: number;
  readonly yes?: boolean;
}

/** `hsm run FILE`: starts a sweep and follows it. */
export async function runSweepFile(
  context: CommandContext,
  file: string,
  flags: RunFlags,
): Promise<ExitCode> {
  const { project, cwd } = context;
  await readSweepFile(context, file);
  const { source: sources, slots, maxTasks, yes: allowLarge } = flags;
  const sweep = await project.start(resolve(cwd, file), {
    ...(sources && { sources }),
    ...(slots === undefined ? {} : { slots }),
    ...(maxTasks === undefined ? {} : { maxTasks }),
    ...(allowLarge === undefined ? {} : { allowLarge }),
  });
  tellStart(context, sweep);
  return carryThrough(context, sweep.id, flags);
}

function tellStart({ err, cwd }: CommandContext, sweep: SweepSummary): void {
  const where = `${formatTasks(sweep.total)} on ${sweep.sources.join(', ')}, files in ${formatPath(sweep.dir, cwd)}`;
  err.print(`${err.palette.bold(sweep.id)}: ${where}`);
  for (const note of sweep.notes) err.print(note);
}
