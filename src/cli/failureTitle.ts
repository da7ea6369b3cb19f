import { HsmError } from '../core/base/errors';
import type { TaskSummary } from '../core/facade';
import type { CliProject } from './cliProject';

/** What a failed task died of, in one line. */
export async function failureTitle(
  project: Pick<CliProject, 'failure'>,
  sweepId: string,
  { number, reason, state }: TaskSummary,
): Promise<string> {
  try {
    return (await project.failure(sweepId, number)).title;
  } catch (error) {
    // It may be running again by now; then the reason that was known is what there is to say.
    if (error instanceof HsmError) return reason ?? state;
    throw error;
  }
}
