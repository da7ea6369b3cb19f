import type { MetricFile } from './findMetricFiles';
import type { LogSink } from './logSink';
import { parseJsonMetrics } from './metrics';
import type { MetricRules } from './metricRules';
import type { ResultFiles } from './resultFiles';
import { readStdoutLog } from './stdoutLog';
import { emitRow, readCsvLog, readJsonLog } from './textLogs';
import { readEventFile } from './tensorboard';

const MAX_JSON_BYTES = 4 * 1024 * 1024;

/**
 * Hands the values of a file to a sink.
 *
 * @param all - the files that were found: among them event files of one run are told apart by their folders
 * @returns what is wrong with it, sentences
 */
export async function readMetricFile(
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
      return readStdoutLog(files, file, rules, sink);
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
