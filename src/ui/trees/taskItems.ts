import type { TaskState } from '../../core/engine/taskState';
import type { TaskDetails, TaskSummary } from '../../core/facade';
import { formatDuration } from '../text/duration';
import type { L10n } from '../text/l10n';
import { resourceWords } from '../text/resourceWords';
import { taskStateWord } from '../text/stateWords';
import { facts, words, type IconData, type ItemData } from './itemData';
import { nodeId, type SweepNode, type TaskFile, type TaskNode } from './sweepNode';
import { isFailure } from './taskGroup';

// No spinner on tasks: hundreds of them are noise; the sweep has one.
const TASK_ICONS: Readonly<Record<TaskState, IconData>> = {
  waiting: { id: 'clock', color: 'disabledForeground' },
  queued: { id: 'clock' },
  running: { id: 'play-circle', color: 'charts.blue' },
  succeeded: { id: 'pass', color: 'testing.iconPassed' },
  failed: { id: 'error', color: 'testing.iconFailed' },
  cancelled: { id: 'circle-slash' },
  lost: { id: 'question', color: 'list.warningForeground' },
};

export function taskItem(l10n: L10n, node: TaskNode, task: TaskSummary): ItemData {
  const label = l10n.t('Task {0}', task.number);
  const description = taskDescription(l10n, task);
  return {
    id: nodeId(node),
    label,
    description,
    icon: TASK_ICONS[task.state],
    contextValue: taskContext(task),
    accessibleLabel: `${label}, ${description.replaceAll(' · ', ', ')}`,
    children: hasStarted(task) ? 'collapsed' : 'none',
    command: clickOn(node, task),
  };
}

function taskDescription(l10n: L10n, task: TaskSummary): string {
  const { startedAtMs, endedAtMs } = task;
  return facts(
    task.parameterText,
    taskStateWord(l10n, task.state),
    task.reason,
    startedAtMs !== undefined && endedAtMs !== undefined && formatDuration(l10n, endedAtMs - startedAtMs),
    task.attempt > 1 && l10n.t('attempt {0}', task.attempt),
    task.source,
    ...resourceWords(l10n, task.resources),
  );
}

/** `task <state> [hasStderr]`: the last word when the task has started at least once, so that its files exist. */
function taskContext(task: TaskSummary): string {
  return words('task', task.state, hasStarted(task) && 'hasStderr');
}

/** Whether some attempt has started, so that its output exists. */
export function hasStarted(task: TaskSummary): boolean {
  return task.startedAtMs !== undefined || task.attempt > 1;
}

/** A failed task opens why it failed; one that runs or ran opens its output. */
function clickOn(node: TaskNode, task: TaskSummary): ItemData['command'] {
  if (isFailure(task.state)) return { id: 'hsm.task.openSummary', args: [node] };
  if (hasStarted(task)) return { id: 'hsm.task.openStdout', args: [node] };
  return undefined;
}

/** The tooltip of a task, which needs more than lists know and is made when the pointer rests on it. */
export function taskTooltip(l10n: L10n, details: TaskDetails): string {
  const parameters = Object.entries(details.parameters).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const started =
    details.startedAtMs !== undefined &&
    l10n.t('Started {0}', new Date(details.startedAtMs).toLocaleString());
  return [details.name, ...parameters, taskDescription(l10n, details), started].filter(Boolean).join('\n');
}

const FILES: Readonly<Record<TaskFile, { icon: string; command: string }>> = {
  summary: { icon: 'output', command: 'hsm.task.openSummary' },
  stdout: { icon: 'file', command: 'hsm.task.openStdout' },
  stderr: { icon: 'file', command: 'hsm.task.openStderr' },
  params: { icon: 'file', command: 'hsm.task.openParams' },
};

export function fileItem(l10n: L10n, node: Extract<SweepNode, { kind: 'file' }>): ItemData {
  const label = fileLabel(l10n, node.file);
  const { icon, command } = FILES[node.file];
  return {
    id: nodeId(node),
    label,
    icon: { id: icon },
    contextValue: words('file', node.file),
    accessibleLabel: l10n.t('{0} of task {1}', label, node.task),
    children: 'none',
    command: { id: command, args: [node] },
  };
}

function fileLabel(l10n: L10n, file: TaskFile): string {
  switch (file) {
    case 'summary':
      return l10n.t('Error Summary');
    case 'stdout':
      return 'stdout.log';
    case 'stderr':
      return 'stderr.log';
    case 'params':
      return 'params.yaml';
  }
}

export function moreItem(l10n: L10n, node: Extract<SweepNode, { kind: 'more' }>, hidden: number): ItemData {
  const label = l10n.t('Show More');
  const description = l10n.t('{0} not shown', hidden);
  return {
    id: nodeId(node),
    label,
    description,
    icon: { id: 'ellipsis' },
    contextValue: 'more',
    accessibleLabel: `${label}, ${description}`,
    children: 'none',
    command: { id: 'hsm.group.showMore', args: [node] },
  };
}
