import { HsmError, isOutOfReach } from '../core/base/errors';
import { isSweepOver } from '../core/engine/taskState';
import type { SweepSummary } from '../core/facade';
import type { CommandContext } from './commandContext';

/**
 * The sweep as it is now: of one that nobody drives the sources are asked first. When they cannot be asked, what was
 * known last stands, and that is told.
 */
export async function upToDate(
  { project, err }: Pick<CommandContext, 'project' | 'err'>,
  sweep: SweepSummary,
): Promise<SweepSummary> {
  if (sweep.driver !== 'nobody' || isSweepOver(sweep.state)) return sweep;
  try {
    await project.observe(sweep.id);
  } catch (error) {
    if (!isOutOfReach(error) && !HsmError.is(error, 'disk.unwritable')) throw error;
    err.print(`${sweep.id}: ${error.message}`);
  }
  return project.sweep(sweep.id) ?? sweep;
}
