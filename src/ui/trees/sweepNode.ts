import type { TaskGroup } from './taskGroup';

/** A line of the Sweeps view: what it stands for, never what it says. */
export type SweepNode =
  | { readonly kind: 'sweep'; readonly sweepId: string }
  | GroupNode
  | TaskNode
  | {
      readonly kind: 'file';
      readonly sweepId: string;
      readonly group: TaskGroup;
      readonly task: number;
      readonly file: TaskFile;
    }
  | { readonly kind: 'more'; readonly sweepId: string; readonly group: TaskGroup };

export interface GroupNode {
  readonly kind: 'group';
  readonly sweepId: string;
  readonly group: TaskGroup;
}

export interface TaskNode {
  readonly kind: 'task';
  readonly sweepId: string;
  readonly group: TaskGroup;
  readonly task: number;
}

export const TASK_FILES = ['summary', 'stdout', 'stderr', 'params'] as const;
export type TaskFile = (typeof TASK_FILES)[number];

/**
 * Unique in the view and stable. The group is part of a task's id: while two groups are read one after the other a
 * task may stand in both for a moment, and VS Code refuses a view in which an id stands twice.
 */
export function nodeId(node: SweepNode): string {
  switch (node.kind) {
    case 'sweep':
      return node.sweepId;
    case 'group':
      return `${node.sweepId}/${node.group}`;
    case 'task':
      return `${node.sweepId}/${node.group}/${node.task}`;
    case 'file':
      return `${node.sweepId}/${node.group}/${node.task}/${node.file}`;
    case 'more':
      return `${node.sweepId}/${node.group}/more`;
  }
}

export function parentOf(node: SweepNode): SweepNode | undefined {
  const { sweepId } = node;
  switch (node.kind) {
    case 'sweep':
      return undefined;
    case 'group':
      return { kind: 'sweep', sweepId };
    case 'task':
    case 'more':
      return { kind: 'group', sweepId, group: node.group };
    case 'file':
      return { kind: 'task', sweepId, group: node.group, task: node.task };
  }
}
