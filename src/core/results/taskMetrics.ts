import { parseMetricsFile, type Metrics } from './metrics';
import type { TaskFiles } from './taskFiles';

/** Files with a task's final values. A name in an earlier one is not replaced by a later one's. */
const RESULT_FILES = ['metrics.json', 'results.json'];
/** Logs by epoch or step, used when there is no file with final values. */
const LOG_FILES = ['metrics.jsonl', 'metrics.csv', 'history.csv'];

const RESULT_BYTES = 4 * 1024 * 1024;
const LOG_BYTES = 64 * 1024;

/** A task's metrics, with what is wrong with its files, each a sentence. Both empty when it wrote none. */
export interface TaskMetrics {
  readonly metrics: Metrics;
  readonly problems: readonly string[];
}

/**
 * Reads what a task wrote about its results into its directory.
 *
 * @param dir - the task's directory, absolute, without a separator at its end
 */
export async function readTaskMetrics(files: TaskFiles, dir: string): Promise<TaskMetrics> {
  // Most tasks write one of these files or none: one look tells, where each try to open one would cost a call.
  const there = new Set(await files.list(dir));
  const present = (names: readonly string[]): string[] => names.filter((name) => there.has(name));
  const results = await readAll(present(RESULT_FILES), (name) =>
    files.readText(`${dir}/${name}`, RESULT_BYTES),
  );
  if (Object.keys(results.metrics).length > 0) return results;
  const logs = await readAll(present(LOG_FILES), (name) => readLog(files, `${dir}/${name}`));
  return { metrics: logs.metrics, problems: [...results.problems, ...logs.problems] };
}

async function readAll(
  names: readonly string[],
  read: (name: string) => Promise<string | undefined>,
): Promise<TaskMetrics> {
  let metrics: Metrics = {};
  const problems: string[] = [];
  for (const name of names) {
    const text = await read(name);
    if (text === undefined) continue;
    const parsed = parseMetricsFile(name, text);
    metrics = { ...parsed.metrics, ...metrics };
    if (parsed.problem !== undefined) problems.push(parsed.problem);
  }
  return { metrics, problems };
}

/** The end of a log, after the line of its beginning that names a table's columns. */
async function readLog(files: TaskFiles, path: string): Promise<string | undefined> {
  const start = await files.readText(path, LOG_BYTES);
  const end = await files.readTail(path, LOG_BYTES);
  if (start === undefined || end === undefined || start === end) return start;
  const firstWholeRow = end.slice(end.indexOf('\n') + 1);
  return path.endsWith('.csv') ? `${start.split('\n', 1)[0] ?? ''}\n${firstWholeRow}` : firstWholeRow;
}
