import type { UriParts } from '../documents/documentUri';

/** Scheme of the documents that show what tasks on other machines print. */
export const LOG_SCHEME = 'hsm-log';

/** One of the two streams of a task. */
export interface TaskLog {
  readonly sweepId: string;
  readonly task: number;
  readonly log: 'stdout' | 'stderr';
}

/** The address of a log, e.g. `hsm-log:/lr_1/Task 12 stdout.log?sweep=lr_1&task=12&log=stdout`. */
export function toLogUri({ sweepId, task, log }: TaskLog): UriParts {
  const query = new URLSearchParams({ sweep: sweepId, task: String(task), log });
  return { scheme: LOG_SCHEME, path: `/${sweepId}/Task ${task} ${log}.log`, query: query.toString() };
}

/** What an address means; undefined when it is no log. */
export function parseLogUri({ scheme, query }: UriParts): TaskLog | undefined {
  if (scheme !== LOG_SCHEME) return undefined;
  const search = new URLSearchParams(query);
  const sweepId = search.get('sweep');
  const task = Number(search.get('task'));
  const log = search.get('log');
  if (!sweepId || !Number.isInteger(task) || task < 1) return undefined;
  return log === 'stdout' || log === 'stderr' ? { sweepId, task, log } : undefined;
}
