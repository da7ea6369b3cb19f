import { formatBytes } from '../../core/base/formatBytes';
import type { CollectionProgress, CollectionReport } from '../../core/compute/computeSource';
import { formatTasks } from './counts';
import { oneLine } from './displayWidth';

/** So many files that stayed where they are get a line of their own. */
const NAMED_FILES = 5;

/** How far a collection is, e.g. `1.2 GiB of 3.0 GiB, 40 MiB/s`. */
export function formatCollecting({ bytes, totalBytes, bytesPerSecond }: CollectionProgress): string {
  const rate = bytesPerSecond > 0 ? `, ${formatBytes(bytesPerSecond)}/s` : '';
  return `${formatBytes(bytes)} of ${formatBytes(Math.max(bytes, totalBytes))}${rate}`;
}

/** What came home from a source, and what did not. */
export function formatCollected(
  source: string,
  { collected, failed, bytes, leftOut = [], leftOutTotal: total }: CollectionReport,
  to: string,
): string[] {
  const missing = failed.length > 0 ? `, ${formatTasks(failed.length)} could not be brought home` : '';
  const named = leftOut.slice(0, NAMED_FILES);
  const more = (total?.files ?? leftOut.length) - named.length;
  const all = total && more > 0 ? ` (${formatBytes(total.bytes)} in all)` : '';
  return [
    `${source}: ${formatTasks(collected.length)} in ${to}, ${formatBytes(bytes)} copied${missing}`,
    ...named.map(
      ({ task, path, reason, bytes: size }) =>
        `  stays there: ${oneLine(path)} of task ${task}${size === undefined ? '' : `, ${formatBytes(size)}`}, ${oneLine(reason)}`,
    ),
    ...(more > 0 ? [`  and ${more} more ${more === 1 ? 'file stays' : 'files stay'} there${all}`] : []),
  ];
}
