import type { TaskFailure } from '../../core/analysis/failure';
import type { SweepFacade } from '../../core/facade';
import { isChanged } from '../../core/analysis/movedLine';

/** A trace through more files than this is looked at from its end. */
const MOST_FILES = 10;

/**
 * Files of a failure's trace that are not as they were when the sweep was started: the lines that the trace names may be
 * others now. What nobody can tell counts as unchanged.
 *
 * @returns absolute paths, the one to look at first
 */
export async function changedFiles(
  sources: {
    readonly facade: Pick<SweepFacade, 'codeAtLaunch'>;
    readonly readText: (file: string) => Promise<string>;
  },
  sweepId: string,
  failure: TaskFailure,
): Promise<readonly string[]> {
  const frames = [failure.culprit, ...[...failure.frames].reverse()];
  const files = [...new Set(frames.flatMap((frame) => frame?.localFile ?? []))].slice(0, MOST_FILES);
  const checks = files.map(async (file) => {
    const code = await sources.facade.codeAtLaunch(sweepId, file, failure.task);
    return code !== undefined && isChanged(code.text, await sources.readText(file)) ? [file] : [];
  });
  return (await Promise.all(checks)).flat();
}
