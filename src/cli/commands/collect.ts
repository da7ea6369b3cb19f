import type { HsmError } from '../../core/base/errors';
import { ResultCollectionError } from '../../core/collection/resultCollectionError';
import type { CollectionReport } from '../../core/compute/computeSource';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { toCollectionJson } from '../jsonShapes';
import { chooseSweep } from '../sweepChoice';
import { formatCollected, formatCollecting } from '../text/collectText';
import { formatPath } from '../text/paths';
import { lookAt } from '../upToDate';
import type { JsonFlag } from './status';

/**
 * `hsm collect SWEEP`: brings home what the sources have of tasks that ended. A source that cannot be asked what ended
 * there fails, however little is known to be missing; the others are collected.
 */
export async function collectSweep(
  context: CommandContext,
  text: string,
  { json }: JsonFlag,
): Promise<ExitCode> {
  const { project, out, err, cwd, interrupted } = context;
  const { sweep, unseen } = await lookAt(context, chooseSweep(context, text));
  const collected = await project.collect(sweep.id, interrupted, {
    onProgress: (progress) => {
      err.setFooter([formatCollecting(progress)]);
    },
  });
  const reports = [...collected].map(
    ([source, report]) => [source, withFailure(source, report, unseen.get(source))] as const,
  );
  err.setFooter([]);
  if (json === true)
    out.print(JSON.stringify(reports.map(([source, report]) => toCollectionJson(source, report))));
  const sink = json === true ? err : out;
  for (const [source, report] of reports) {
    sink.print(...formatCollected(source, report, formatPath(sweep.dir, cwd)));
    for (const error of report.errors) err.print(`${source}: ${error}`);
  }
  const trouble = reports.some(([, { failed, errors }]) => failed.length + errors.length > 0);
  return trouble ? EXIT.sourceTrouble : EXIT.ok;
}

/** @param error - why it is not known what ended there */
function withFailure(
  source: string,
  report: CollectionReport,
  error: HsmError | undefined,
): CollectionReport {
  if (!error || report.errors.includes(error.message)) return report;
  const failure = report.failure ?? ResultCollectionError.from(source, error);
  return { ...report, errors: [error.message, ...report.errors], failure };
}
