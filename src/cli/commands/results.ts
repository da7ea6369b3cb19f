import { formatResultsCsv } from '../../core/results/resultsCsv';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { toResultsJson } from '../jsonShapes';
import { chooseSweep } from '../sweepChoice';
import { formatResults } from '../text/resultsText';
import { upToDate } from '../upToDate';

export interface ResultFlags {
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** `hsm results SWEEP`: parameters and metrics of all tasks. */
export async function showResults(
  context: CommandContext,
  text: string,
  flags: ResultFlags,
): Promise<ExitCode> {
  const { project, out } = context;
  const sweep = await upToDate(context, chooseSweep(context, text));
  const table = await project.results(sweep.id);
  if (flags.json === true) out.print(JSON.stringify(toResultsJson(table)));
  else if (flags.csv === true) await out.write(formatResultsCsv(table));
  else out.print(...formatResults(table));
  return EXIT.ok;
}
