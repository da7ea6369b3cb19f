import { isSweepOver } from '../core/engine/taskState';
import type { SweepSummary } from '../core/facade';
import type { CliProject } from './cliProject';

/** The sweep as it is now: of one that nobody drives the sources are asked first. */
export async function upToDate(
  { project }: { readonly project: CliProject },
  sweep: SweepSummary,
): Promise<SweepSummary> {
  if (sweep.driver !== 'nobody' || isSweepOver(sweep.state)) return sweep;
  await project.observe(sweep.id);
  return project.sweep(sweep.id) ?? sweep;
}
