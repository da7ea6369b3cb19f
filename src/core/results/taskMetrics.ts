import { isFinal } from '../engine/taskState';
import { beginOf, isOlder, ONE_ATTEMPT, type AttemptView } from './attemptStart';
import { printFrom } from './filePrint';
import { findMetricFiles, stemOf, type FoundFiles, type MetricFile } from './findMetricFiles';
import { GatheredMetrics, type TaskMetrics } from './gatheredMetrics';
import { SeriesSink, SummarySink, type Series } from './logSink';
import { FIND_METRICS, isConfigured, type MetricRules } from './metricRules';
import { readMetricFile } from './readMetricFile';
import type { ResultFiles } from './resultFiles';

/** Whose results are wanted, and by which rules. */
export interface TaskToRead {
  /** Of the task; absolute, without a separator at its end. */
  readonly dir: string;
  readonly rules: MetricRules;
  readonly attempt: AttemptView;
}

/**
 * Reads what a task wrote about its results into its directory. Final values (`metrics.json`) win over logs by step,
 * which add the names that those lack; without such a log the output is one. A name that several logs have gets the name of its file before it, after the first.
 *
 * @param dir - the task's directory, absolute, without a separator at its end
 */
export async function readTaskMetrics(
  files: ResultFiles,
  dir: string,
  rules: MetricRules = FIND_METRICS,
  attempt: AttemptView = ONE_ATTEMPT,
): Promise<TaskMetrics> {
  return summarize(files, await findMetricFiles(files, dir, rules), { dir, rules, attempt });
}

/** {@link readTaskMetrics} with the files found before. */
export async function summarize(
  files: ResultFiles,
  { files: found, remark }: FoundFiles,
  { dir, rules, attempt }: TaskToRead,
): Promise<TaskMetrics> {
  const begin = await beginOf(files, dir, attempt);
  const gathered = new GatheredMetrics(begin, attempt);
  const read = async (file: MetricFile): Promise<void> => {
    try {
      const stamp = await files.stat(file.path);
      gathered.look(file, stamp);
      // Most tasks of a sweep of small ones say nothing: that is worth no look.
      if (!stamp || (file.format === 'stdout' && stamp.size === 0)) return;
      if (isOlder(stamp, begin, attempt)) {
        gathered.older.push(file.name);
        return;
      }
      const sink = new SummarySink();
      gathered.add(file, sink, await readMetricFile(files, file, found, rules, sink));
    } catch (error) {
      gathered.fail(file, error);
    }
  };
  for (const file of found) await read(file);
  // Also beside final values, which come with a task's end: what its output told of its course until then stays.
  if (!gathered.hasLog && !isConfigured(rules)) {
    gathered.triedOutput = true;
    await read(stdoutOf(dir));
  }
  if (isFinal(attempt.state)) {
    gathered.tellOlder();
    if (remark !== undefined && gathered.metrics.size === 0) gathered.problems.push(remark);
  }
  return gathered;
}

/**
 * What the files look like that {@link summarize} would open, as {@link TaskMetrics.print} has it.
 *
 * @param triedOutput - as it was the last time
 */
export async function printOf(
  files: ResultFiles,
  { files: found }: FoundFiles,
  { dir, attempt }: TaskToRead,
  triedOutput: boolean,
): Promise<number> {
  const print = printFrom(await beginOf(files, dir, attempt), attempt);
  const paths = [...found, ...(triedOutput ? [stdoutOf(dir)] : [])].map(({ path }) => path);
  for (const path of paths) print.add(path, await files.stat(path));
  return print.value;
}

/**
 * The course of one metric of a task.
 *
 * @param maxPoints - a longer course is thinned so that it looks the same
 * @returns undefined when it was not logged by step
 */
export async function readTaskSeries(
  files: ResultFiles,
  { dir, rules, attempt }: TaskToRead,
  { metric, maxPoints }: { readonly metric: string; readonly maxPoints: number },
): Promise<Series | undefined> {
  const found = (await findMetricFiles(files, dir, rules)).files.filter(({ role }) => role === 'log');
  const begin = await beginOf(files, dir, attempt);
  for (const file of isConfigured(rules) ? found : [...found, stdoutOf(dir)]) {
    const stamp = await files.stat(file.path);
    if (!stamp || isOlder(stamp, begin, attempt)) continue;
    const names = [
      metric,
      ...(metric.startsWith(`${stemOf(file)}.`) ? [metric.slice(stemOf(file).length + 1)] : []),
    ];
    for (const name of names) {
      const sink = new SeriesSink(name);
      await readMetricFile(files, file, found, rules, sink);
      const series = sink.series(maxPoints);
      if (series.xs.length > 0) return series;
    }
  }
  return undefined;
}

function stdoutOf(dir: string): MetricFile {
  return { path: `${dir}/stdout.log`, name: 'stdout.log', format: 'stdout', role: 'log', how: 'found' };
}
