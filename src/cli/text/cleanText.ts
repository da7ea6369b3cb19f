import { formatBytes } from '../../core/base/formatBytes';
import type { CleanPlan } from '../../core/facade';
import { oneLine } from './displayWidth';
import { formatTable } from './table';

const REMOVED = [
  { title: 'REMOVE', align: 'left' },
  { title: 'SIZE', align: 'right' },
  { title: 'WHERE', align: 'left' },
] as const;

const KEPT = [
  { title: 'KEEP', align: 'left' },
  { title: 'WHY', align: 'left' },
] as const;

/** What can be removed from a source, with sizes, and what stays, with reasons. */
export function formatCleanPlan({ source, remove, keep }: CleanPlan): string[] {
  const removed = formatTable(
    REMOVED,
    remove.map(({ sweepId, bytes, path }) => [sweepId, formatBytes(bytes), oneLine(path)]),
  );
  const kept = formatTable(
    KEPT,
    keep.map(({ sweepId, reason }) => [sweepId, oneLine(reason)]),
  );
  return [
    ...(remove.length > 0 ? removed : [`${source}: nothing to remove.`]),
    ...(keep.length > 0 ? kept : []),
  ];
}
