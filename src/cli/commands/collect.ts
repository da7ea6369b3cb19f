import { formatBytes } from '../../core/base/formatBytes';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { toCollectionJson } from '../jsonShapes';
import { chooseSweep } from '../sweepChoice';
import { formatTasks } from '../text/counts';
import { formatPath } from '../text/paths';
import { upToDate } from '../upToDate';
import type { JsonFlag } from './status';

/** `hsm collect SWEEP`: brings home what the sources have of tasks that ended. */
export async function collectSweep(
  context: CommandContext,
  text: string,
  { json }: JsonFlag,
): Promise<ExitCode> {
  const { project, out, err, cwd } = context;
  const sweep = await upToDate(context, chooseSweep(context, text));
  const reports = [...(await project.collect(sweep.id))];
  if (json === true)
    out.print(JSON.stringify(reports.map(([source, report]) => toCollectionJson(source, report))));
  for (const [source, { collected, failed, bytes, errors }] of reports) {
    const sink = json === true ? err : out;
    const missing = failed.length > 0 ? `, ${formatTasks(failed.length)} could not be brought home` : '';
    const to = formatPath(sweep.dir, cwd);
    sink.print(
      `${source}: ${formatTasks(collected.length)} in ${to}, ${formatBytes(bytes)} copied${missing}`,
    );
    for (const error of errors) err.print(`${source}: ${error}`);
  }
  const trouble = reports.some(([, { failed, errors }]) => failed.length + errors.length > 0);
  return trouble ? EXIT.sourceTrouble : EXIT.ok;
}
