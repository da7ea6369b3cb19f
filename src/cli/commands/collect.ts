import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { toCollectionJson } from '../jsonShapes';
import { chooseSweep } from '../sweepChoice';
import { formatCollected, formatCollecting } from '../text/collectText';
import { formatPath } from '../text/paths';
import { upToDate } from '../upToDate';
import type { JsonFlag } from './status';

/** `hsm collect SWEEP`: brings home what the sources have of tasks that ended. */
export async function collectSweep(
  context: CommandContext,
  text: string,
  { json }: JsonFlag,
): Promise<ExitCode> {
  const { project, out, err, cwd, interrupted } = context;
  const sweep = await upToDate(context, chooseSweep(context, text));
  const reports = [
    ...(await project.collect(sweep.id, interrupted, {
      onProgress: (progress) => {
        err.setFooter([formatCollecting(progress)]);
      },
    })),
  ];
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
