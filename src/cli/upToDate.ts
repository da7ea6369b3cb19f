import { errorText, HsmError } from '../core/base/errors';
import { isSweepOver } from '../core/engine/taskState';
import type { SweepSummary } from '../core/facade';
import type { CommandContext } from './commandContext';

/** A sweep after its sources were asked. */
export interface SweepLook {
  readonly sweep: SweepSummary;
  /** Why nothing new is known of a source. */
  readonly unseen: ReadonlyMap<string, HsmError>;
}

/**
 * The sweep as it is now: of one that nobody drives the sources are asked first. When one cannot be asked, what was
 * known of it last stands, and that is told.
 */
export async function upToDate(
  context: Pick<CommandContext, 'project' | 'err'>,
  sweep: SweepSummary,
): Promise<SweepSummary> {
  const { sweep: now, unseen } = await lookAt(context, sweep);
  for (const text of new Set([...unseen.values()].map(errorText))) context.err.print(`${sweep.id}: ${text}`);
  return now;
}

/** As {@link upToDate}, for who tells himself which sources could not be asked. */
export async function lookAt(
  { project }: Pick<CommandContext, 'project'>,
  sweep: SweepSummary,
): Promise<SweepLook> {
  if (sweep.driver !== 'nobody' || isSweepOver(sweep.state)) return { sweep, unseen: new Map() };
  const unseen = await observe(project, sweep);
  return { sweep: project.sweep(sweep.id) ?? sweep, unseen };
}

async function observe(
  project: CommandContext['project'],
  { id, sources }: SweepSummary,
): Promise<ReadonlyMap<string, HsmError>> {
  try {
    return await project.observe(id);
  } catch (error) {
    if (!HsmError.is(error, 'disk.unwritable')) throw error;
    return new Map(sources.map((source) => [source, error]));
  }
}
