import type { JsonValue } from '../sweep/value';
import type { MetricRange } from './columnBuilder';
import { findMetricFiles, type MetricFile } from './findMetricFiles';
import { SeriesSink, SummarySink, type LogSink, type Series } from './logSink';
import { parseJsonMetrics } from './metrics';
import { FIND_METRICS, isConfigured, type MetricRules } from './metricRules';
import type { ResultFiles } from './resultFiles';
import { readStdoutLog } from './stdoutLog';
import { isStepName } from './stepNames';
import { emitRow, readCsvLog, readJsonLog } from './textLogs';
import { readEventFile } from './tensorboard';

const MAX_JSON_BYTES = 4 * 1024 * 1024;

/** A task's metrics, with where they come from and what is wrong there. All empty when it wrote none. */
export interface TaskMetrics {
  /** Last values. */
  readonly metrics: ReadonlyMap<string, JsonValue>;
  /** Smallest and largest values of those that were logged by step. */
  readonly ranges: ReadonlyMap<string, MetricRange>;
  /** Files that had values, relative to the task's directory. */
  readonly origins: readonly { readonly file: string; readonly how: 'found' | 'configured' }[];
  /** Sentences. */
  readonly problems: readonly string[];
}

/**
 * Reads what a task wrote about its results into its directory. Final values (`metrics.json`) win over logs by step,
 * which add the names that those lack. A name that several logs have gets the name of its file before it, after the first.
 *
 * @param dir - the task's directory, absolute, without a separator at its end
 */
export async function readTaskMetrics(
  files: ResultFiles,
  dir: string,
  rules: MetricRules = FIND_METRICS,
): Promise<TaskMetrics> {
  return summarize(files, await findMetricFiles(files, dir, rules), dir, rules);
}

/** {@link readTaskMetrics} with the files found before. */
export async function summarize(
  files: ResultFiles,
  found: readonly MetricFile[],
  dir: string,
  rules: MetricRules,
): Promise<TaskMetrics> {
  const gathered = new Gathered();
  for (const file of found) {
    const sink = new SummarySink();
    gathered.add(file, sink, await readMetricFile(files, file, found, rules, sink));
  }
  if (gathered.metrics.size === 0 && !isConfigured(rules)) {
    const output: MetricFile = stdoutOf(dir);
    const sink = new SummarySink();
    gathered.add(output, sink, await readMetricFile(files, output, found, rules, sink));
  }
  return gathered;
}

/**
 * The course of one metric of a task.
 *
 * @param maxPoints - a longer course is thinned so that it looks the same
 * @returns undefined when it was not logged by step
 */
export async function readTaskSeries(
  files: ResultFiles,
  dir: string,
  rules: MetricRules,
  { metric, maxPoints }: { readonly metric: string; readonly maxPoints: number },
): Promise<Series | undefined> {
  const found = (await findMetricFiles(files, dir, rules)).filter(({ role }) => role === 'log');
  const others = found.length === 0 && !isConfigured(rules) ? [stdoutOf(dir)] : found;
  for (const file of others) {
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

/** Adds up what the files of a task hold. */
class Gathered implements TaskMetrics {
  readonly metrics = new Map<string, JsonValue>();
  readonly ranges = new Map<string, MetricRange>();
  readonly origins: { file: string; how: 'found' | 'configured' }[] = [];
  readonly problems: string[] = [];
  private readonly finals = new Set<string>();

  add(file: MetricFile, sink: SummarySink, problems: readonly string[]): void {
    this.problems.push(...problems);
    const { lasts } = sink;
    if (lasts.length > 0) this.origins.push({ file: originName(file.name), how: file.how });
    const isFinal = file.role === 'final';
    for (const [name, value] of lasts) {
      if (isFinal) {
        if (this.metrics.has(name)) continue;
        this.finals.add(name);
        this.metrics.set(name, value);
        continue;
      }
      const range = sink.rangeOf(name);
      if (this.finals.has(name)) {
        if (range && !this.ranges.has(name)) this.ranges.set(name, range);
        continue;
      }
      // Beside final values the counters of a log say little.
      if (this.finals.size > 0 && isStepName(name)) continue;
      if (this.metrics.has(name) && isStepName(name)) continue;
      // Several event files of one run go on with the same tags.
      const free = this.metrics.has(name) && file.format !== 'events' ? `${stemOf(file)}.${name}` : name;
      this.metrics.set(free, value);
      if (range) this.ranges.set(free, range);
    }
  }
}

async function readMetricFile(
  files: ResultFiles,
  file: MetricFile,
  all: readonly MetricFile[],
  rules: MetricRules,
  sink: LogSink,
): Promise<readonly string[]> {
  switch (file.format) {
    case 'json':
      return readJsonFile(files, file, sink);
    case 'csv':
      return readCsvLog(files, file, sink);
    case 'jsonl':
      return readJsonLog(files, file, sink);
    case 'events':
      return readEventFile(files, file, eventPrefix(file, all), sink);
    case 'stdout':
      await readStdoutLog(files, file, rules.patterns, sink);
      return [];
  }
}

async function readJsonFile(
  files: ResultFiles,
  { path, name }: MetricFile,
  sink: LogSink,
): Promise<string[]> {
  const bytes = await files.readBytes(path, 0, MAX_JSON_BYTES + 1);
  if (!bytes) return [];
  if (bytes.length > MAX_JSON_BYTES) return [`${name} is larger than 4 MiB, so it was not read.`];
  const { rows, problem } = parseJsonMetrics(name, new TextDecoder().decode(bytes));
  for (const [step, row] of rows.entries()) emitRow(row, step, sink);
  return problem === undefined ? [] : [problem];
}

/**
 * Keras writes the same tags into `train/` and `validation/`: then the folder, as far as it differs, tells them apart.
 * Folders that are called after the time (of hyperparameters) would make every task's names its own, so they do not count.
 */
function eventPrefix(file: MetricFile, all: readonly MetricFile[]): string {
  const folders = all
    .filter(({ format }) => format === 'events')
    .map(({ name }) =>
      name
        .split('/')
        .slice(0, -1)
        .filter((part) => !isTime(part)),
    );
  const mine = file.name
    .split('/')
    .slice(0, -1)
    .filter((part) => !isTime(part));
  let common = 0;
  while (common < mine.length && folders.every((parts) => parts[common] === mine[common])) common++;
  return mine
    .slice(common)
    .map((part) => `${part}/`)
    .join('');
}

function isTime(part: string): boolean {
  return /^\d{9,}(?:\.\d+)?$/u.test(part);
}

/** Without what tells runs apart: the same place of all tasks has one name. */
function originName(name: string): string {
  return name
    .replace(/((?:offline-)?run-)\d{8}_\d{6}-\w+/u, '$1*')
    .replace(/(?<=^|\/)\d{9,}(?:\.\d+)?(?=\/)/u, '*')
    .replace(/events\.out\.tfevents\..*$/u, 'events.out.tfevents.*');
}

function stemOf({ name }: MetricFile): string {
  return name.slice(name.lastIndexOf('/') + 1).replace(/\.\w+$/u, '');
}

function stdoutOf(dir: string): MetricFile {
  return { path: `${dir}/stdout.log`, name: 'stdout.log', format: 'stdout', role: 'log', how: 'found' };
}
