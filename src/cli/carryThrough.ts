import { isOutOfReach } from '../core/base/errors';
import { isSweepOver } from '../core/engine/taskState';
import type { SweepSummary } from '../core/facade';
import type { CommandContext } from './commandContext';
import { EXIT, type ExitCode } from './exitCode';
import { currentSweep, followSweep } from './follow';
import { toRunJson } from './jsonShapes';
import { settle } from './settle';
import { handleOf } from './sweepHandle';
import { formatLeft, formatStalled, formatSummary } from './text/summaryText';

export interface CarryOptions {
  readonly json?: boolean;
  /** Leave as soon as everything is handed over. */
  readonly detach?: boolean;
}

/** On leaving, tasks that are not handed over yet get so long; the second Ctrl-C leaves at once. */
const LEAVE_LIMIT_MS = 5_000;

/** Follows a sweep that was just started or taken up to its end, or to the moment where the user leaves it. */
export async function carryThrough(
  context: CommandContext,
  sweepId: string,
  options: CarryOptions,
): Promise<ExitCode> {
  tellPause(context, sweepId);
  if (options.detach === true) {
    await settle(context.project, sweepId, context.interrupted);
    return leave(context, currentSweep(context, sweepId), options, EXIT.ok);
  }
  const { kind, sweep } = await followSweep(context, sweepId);
  if (kind === 'over') return conclude(context, sweep, options);
  if (kind === 'stalled') return leave(context, sweep, options, EXIT.sourceTrouble);
  await handOverRest(context, sweep);
  return leave(context, currentSweep(context, sweepId), options, EXIT.interrupted);
}

function tellPause(context: CommandContext, sweepId: string): void {
  const { state } = currentSweep(context, sweepId);
  if (state !== 'paused') return;
  const handle = handleOf({ id: sweepId }, context.project);
  context.err.print(`${sweepId} is paused: nothing new starts until hsm resume ${handle}`);
}

/** What is not handed over yet would wait for somebody to attach: it gets some time. */
async function handOverRest({ project, err, clock }: CommandContext, sweep: SweepSummary): Promise<void> {
  if (sweep.driver !== 'here' || isSweepOver(sweep.state)) return;
  if (sweep.counts.waiting > 0 && sweep.state === 'running') {
    err.print('Leaving once the rest is handed over. Ctrl-C again leaves at once.');
  }
  const limit = new AbortController();
  const timer = clock.after(LEAVE_LIMIT_MS, () => {
    limit.abort();
  });
  try {
    await settle(project, sweep.id, limit.signal);
  } catch (error) {
    // A source that cannot be reached now is no reason to stay: what is not handed over is told.
    if (!isOutOfReach(error)) throw error;
    err.print(error.message);
  } finally {
    timer.dispose();
  }
}

/** Tells how a sweep ended. */
export async function conclude(
  context: CommandContext,
  sweep: SweepSummary,
  { json }: CarryOptions,
): Promise<ExitCode> {
  const { project, out, err, cwd, clock } = context;
  if (json === true) {
    out.print(JSON.stringify(toRunJson(sweep, clock.now())));
  } else {
    const groups = await project.failureGroups(sweep.id);
    out.print(
      ...formatSummary(sweep, groups, { cwd, palette: out.palette, handle: handleOf(sweep, project) }),
    );
    for (const note of sweep.notes) err.print(note);
  }
  return sweep.state === 'succeeded' ? EXIT.ok : EXIT.tasksFailed;
}

function leave(
  { project, out, err, clock }: CommandContext,
  sweep: SweepSummary,
  { json }: CarryOptions,
  code: ExitCode,
): ExitCode {
  const sink = json === true || code !== EXIT.ok ? err : out;
  const format = code === EXIT.sourceTrouble ? formatStalled : formatLeft;
  sink.print(...format(sweep, { handle: handleOf(sweep, project) }));
  if (json === true) out.print(JSON.stringify(toRunJson(sweep, clock.now())));
  return code;
}
