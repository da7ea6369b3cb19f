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

/** A copy of the code that no sweep there runs belongs to none. */
const CODE = '(code)';

/** What can be removed from a source, with sizes, and what stays, with reasons. */
export function formatCleanPlan({ source, remove, keep }: CleanPlan): string[] {
  const removed = formatTable(
    REMOVED,
    remove.map(({ sweepId, bytes, path }) => [sweepId || CODE, formatBytes(bytes), oneLine(path)]),
  );
  const kept = formatTable(
    KEPT,
    keep.map(({ sweepId, reason }) => [sweepId || CODE, oneLine(reason)]),
  );
  return [
    ...(remove.length > 0 ? removed : [`${source}: nothing to remove.`]),
    ...(keep.length > 0 ? kept : []),
  ];
}
