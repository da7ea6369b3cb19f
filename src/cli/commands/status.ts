import { errorText, HsmError } from '../../core/base/errors';
import type { SweepSummary } from '../../core/facade';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { failureTitle } from '../failureTitle';
import { toSweepJson, toTaskJson } from '../jsonShapes';
import { chooseSweep } from '../sweepChoice';
import { handleOf } from '../sweepHandle';
import { formatSweepList, formatSweepStatus, STATUS_TASKS } from '../text/statusText';
import { lookAt, upToDate } from '../upToDate';

export interface JsonFlag {
  readonly json?: boolean;
}

/** `hsm status [SWEEP]`: all sweeps, or one with its tasks. */
export async function showStatus(
  context: CommandContext,
  sweep: string | undefined,
  flags: JsonFlag,
): Promise<ExitCode> {
  return sweep === undefined ? showAll(context, flags) : showOne(context, sweep, flags);
}

async function showAll(context: CommandContext, { json }: JsonFlag): Promise<ExitCode> {
  const { project, out, err, clock } = context;
  const sweeps = await Promise.all(project.sweeps().map((sweep) => lookOnly(context, sweep)));
  const now = clock.now();
  if (json === true) out.print(JSON.stringify(sweeps.map((sweep) => toSweepJson(sweep, now))));
  else if (sweeps.length === 0)
    err.print(`No sweep in ${project.projectDir} yet. Start one with: hsm run FILE`);
  else out.print(...formatSweepList(sweeps, now));
  return EXIT.ok;
}

/** Nobody is asked for anything: what a host needs of the user is told, with the command that asks. */
async function lookOnly(context: CommandContext, before: SweepSummary): Promise<SweepSummary> {
  const { sweep, unseen } = await lookAt(context, before);
  for (const error of unseen.values()) {
    const next = HsmError.is(error, 'host.refused')
      ? ` To be asked: hsm status ${handleOf(sweep, context.project)}`
      : '';
    context.err.print(`${sweep.id}: ${errorText(error)}${next}`);
  }
  return sweep;
}

async function showOne(context: CommandContext, text: string, { json }: JsonFlag): Promise<ExitCode> {
  const { project, out, cwd, clock } = context;
  const sweep = await upToDate(context, chooseSweep(context, text));
  if (json === true) {
    const tasks = project.tasks(sweep.id).map(toTaskJson);
    out.print(JSON.stringify({ ...toSweepJson(sweep, clock.now()), tasks }));
    return EXIT.ok;
  }
  const failed = project.tasks(sweep.id, { states: ['failed', 'lost'], limit: STATUS_TASKS });
  const tasks = {
    running: project.tasks(sweep.id, { states: ['running'], limit: STATUS_TASKS }),
    failed: await Promise.all(
      failed.map(async (task) => ({ ...task, title: await failureTitle(project, sweep.id, task) })),
    ),
  };
  const style = { cwd, palette: out.palette, handle: handleOf(sweep, project) };
  out.print(...formatSweepStatus(sweep, tasks, style, clock.now()));
  return EXIT.ok;
}
