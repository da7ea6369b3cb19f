import type { TaskGroup } from './taskGroup';

/** A line of the Sweeps view: what it stands for, never what it says. */
export type SweepNode =
  | { readonly kind: 'sweep'; readonly sweepId: string }
  | GroupNode
  | CauseNode
  | TaskNode
  | (Omit<TaskNode, 'kind'> & { readonly kind: 'file'; readonly file: TaskFile })
  | MoreNode;

export interface GroupNode {
  readonly kind: 'group';
  readonly sweepId: string;
  readonly group: TaskGroup;
}

/** Failures of one cause, below the failed tasks of a sweep that has several. */
export interface CauseNode {
  readonly kind: 'cause';
  readonly sweepId: string;
  readonly group: 'failed';
  /** Signature of the failures. */
  readonly cause: string;
}

/** Where tasks stand: below a group, or below a cause in it. */
export interface TaskPlace {
  readonly sweepId: string;
  readonly group: TaskGroup;
  readonly cause?: string;
}

export interface TaskNode extends TaskPlace {
  readonly kind: 'task';
  readonly task: number;
}

export interface MoreNode extends TaskPlace {
  readonly kind: 'more';
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
    case 'cause':
      return placeId(node);
    case 'task':
      return `${placeId(node)}/${node.task}`;
    case 'file':
      return `${placeId(node)}/${node.task}/${node.file}`;
    case 'more':
      return `${placeId(node)}/more`;
  }
}

function placeId({ sweepId, group, cause }: TaskPlace): string {
  return `${sweepId}/${group}${cause === undefined ? '' : `/cause ${cause}`}`;
}

export function parentOf(node: SweepNode): SweepNode | undefined {
  const { sweepId } = node;
  switch (node.kind) {
    case 'sweep':
      return undefined;
    case 'group':
      return { kind: 'sweep', sweepId };
    case 'cause':
      return { kind: 'group', sweepId, group: node.group };
    case 'task':
    case 'more':
      return placeNode(node);
    case 'file':
      return taskNode(node, node.task);
  }
}

/** The line below which tasks stand. */
export function placeNode({ sweepId, group, cause }: TaskPlace): GroupNode | CauseNode {
  return cause === undefined
    ? { kind: 'group', sweepId, group }
    : { kind: 'cause', sweepId, group: 'failed', cause };
}

export function taskNode({ sweepId, group, cause }: TaskPlace, task: number): TaskNode {
  return { kind: 'task', sweepId, group, task, ...(cause !== undefined && { cause }) };
}
