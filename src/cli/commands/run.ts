import { resolve } from 'node:path';
import { HsmError } from '../../core/base/errors';
import type { Preflight, StartOptions, SweepSummary } from '../../core/facade';
import { carryThrough, type CarryOptions } from '../carryThrough';
import type { CommandContext } from '../commandContext';
import type { ExitCode } from '../exitCode';
import { readSweepFile } from '../sweepFile';
import { formatTasks } from '../text/counts';
import { formatPath } from '../text/paths';
import { formatFinding } from '../text/sourceText';

export interface RunFlags extends CarryOptions {
  readonly source?: readonly string[];
  readonly slots?: number;
  readonly maxTasks?: number;
  readonly yes?: boolean;
  readonly sync?: 'push' | 'skip';
}

/** `hsm run FILE`: starts a sweep and follows it. */
export async function runSweepFile(
  context: CommandContext,
  file: string,
  flags: RunFlags,
): Promise<ExitCode> {
  const { cwd } = context;
  await readSweepFile(context, file);
  const { source: sources, slots, maxTasks, yes: allowLarge, sync } = flags;
  const options: StartOptions = {
    ...(sources && { sources }),
    ...(slots === undefined ? {} : { slots }),
    ...(maxTasks === undefined ? {} : { maxTasks }),
    ...(allowLarge === undefined ? {} : { allowLarge }),
    ...(sync === undefined ? {} : { sync }),
  };
  const path = resolve(cwd, file);
  const sweep = await start(context, path, options);
  tellStart(context, sweep);
  return carryThrough(context, sweep.id, flags);
}

async function start(context: CommandContext, path: string, options: StartOptions): Promise<SweepSummary> {
  const { project, err, interrupted } = context;
  try {
    requirePassed(context, await project.preflight(path, options, interrupted));
    return await project.start(path, options, interrupted);
  } catch (error) {
    if (interrupted.aborted) err.print('Nothing was started.');
    throw error;
  }
}

/** Tells what could go wrong. @throws HsmError `source.unavailable` when tasks could not run */
function requirePassed({ err }: CommandContext, { findings, usable }: Preflight): void {
  for (const finding of findings) err.print(...formatFinding(finding, err.palette));
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (!first) return;
  const refused = new Set(errors.map(({ source }) => source));
  const message = `Nothing was started: tasks could not run on ${[...refused].join(', ')}, see above.`;
  const others = usable.flatMap((source) => (refused.has(source) ? [] : [`--source ${source}`])).join(' ');
  throw new HsmError('source.unavailable', message, {
    source: first.source,
    ...(others !== '' && { hint: `To start on what can be used: ${others}` }),
  });
}

function tellStart({ err, cwd }: CommandContext, sweep: SweepSummary): void {
  const where = `${formatTasks(sweep.total)} on ${sweep.sources.join(', ')}, files in ${formatPath(sweep.dir, cwd)}`;
  err.print(`${err.palette.bold(sweep.id)}: ${where}`);
  for (const note of sweep.notes) err.print(note);
}
