import type { CliProject } from './cliProject';

/**
 * Waits until the sources have taken what was asked of them, or until `signal` aborts.
 *
 * @throws HsmError that {@link isOutOfReach} tells
 */
export async function settle(project: CliProject, sweepId: string, signal: AbortSignal): Promise<void> {
  try {
    await project.settle(sweepId, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
