import type { SweepSummary } from '../core/facade';
import type { CliProject } from './cliProject';

/** The shortest thing to type for a sweep: `last` for the newest one, else its id. */
export function handleOf({ id }: Pick<SweepSummary, 'id'>, project: Pick<CliProject, 'sweeps'>): string {
  return project.sweeps()[0]?.id === id ? 'last' : id;
}
