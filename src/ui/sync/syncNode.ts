import type { Comparison, Direction, FileComparison } from '../../core/sync/comparison';
import { canGoAlone, ownDirection } from '../../core/sync/fileChoice';

/** The groups below a checkout, in the order of the view. */
export const SYNC_GROUPS = ['push', 'pull', 'conflicts', 'deleted'] as const;
export type SyncGroup = (typeof SYNC_GROUPS)[number];

/** A line of the Sync view. */
export type SyncNode =
  | { readonly kind: 'remote'; readonly source: string }
  /** Something to know of the checkout. */
  | { readonly kind: 'fact'; readonly source: string; readonly id: string }
  | { readonly kind: 'group'; readonly source: string; readonly group: SyncGroup }
  /** The commits that only one side has, which travel together. */
  | { readonly kind: 'commits'; readonly source: string; readonly group: Direction }
  | { readonly kind: 'file'; readonly source: string; readonly group: SyncGroup; readonly path: string }
  /** The files of a long group that are not listed. */
  | { readonly kind: 'rest'; readonly source: string; readonly group: SyncGroup };

/** A line of the Sync view, or a checkout by the name of its source. */
export type SyncArgument = SyncNode | { readonly source: string };

export function nodeId(node: SyncNode): string {
  switch (node.kind) {
    case 'remote':
      return node.source;
    case 'fact':
      return `${node.source}/fact/${node.id}`;
    case 'group':
      return `${node.source}/${node.group}`;
    case 'commits':
    case 'rest':
      return `${node.source}/${node.group}/:${node.kind}`;
    case 'file':
      return `${node.source}/${node.group}/file/${node.path}`;
  }
}

export function groupOf({ verdict }: Pick<FileComparison, 'verdict'>): SyncGroup {
  switch (verdict) {
    case 'push':
    case 'pull':
      return verdict;
    case 'conflict':
      return 'conflicts';
    case 'deletedHere':
    case 'deletedThere':
      return 'deleted';
  }
}

const indices = new WeakMap<Comparison, ReadonlyMap<string, FileComparison>>();

/** A file of a comparison. By an index, because a view asks for every line that it draws. */
export function fileAt(comparison: Comparison, path: string): FileComparison | undefined {
  const index = indices.get(comparison) ?? new Map(comparison.files.map((file) => [file.path, file]));
  indices.set(comparison, index);
  return index.get(path);
}

export function filesOf(comparison: Comparison, group: SyncGroup): readonly FileComparison[] {
  return comparison.files.filter((file) => groupOf(file) === group);
}

/** Whether it can be ticked: it goes one way, and it goes alone. */
export function canTick(file: FileComparison): boolean {
  return ownDirection(file) !== undefined && canGoAlone(file);
}

/** Whether a side has commits that the other lacks. */
export function hasCommits({ method, local, remote, ahead, behind }: Comparison, side: Direction): boolean {
  const count = side === 'push' ? ahead : behind;
  const sender = side === 'push' ? local : remote;
  return method === 'git' && sender.commit !== undefined && local.commit !== remote.commit && count !== 0;
}
