import type { TaskCounts, TaskState } from '../../core/engine/taskState';

/** What has ended first, then what is under way. */
const ORDER: readonly TaskState[] = [
  'succeeded',
  'failed',
  'lost',
  'cancelled',
  'running',
  'queued',
  'waiting',
];

/** `118 succeeded, 2 failed`: the states that tasks are in, of those asked for. */
export function formatCounts(counts: TaskCounts, states: readonly TaskState[] = ORDER): string {
  const parts = ORDER.filter((state) => states.includes(state) && counts[state] > 0);
  return parts.map((state) => `${counts[state]} ${state}`).join(', ');
}

/** `1 task`, `24 tasks`. */
export function formatTasks(count: number): string {
  return count === 1 ? '1 task' : `${count} tasks`;
}

/** `task 7`, `tasks 3,7-9`; of a long list the beginning. */
export function formatTaskNumbers(ranges: string, longest = 60): string {
  const word = /^\d+$/.test(ranges) ? 'task' : 'tasks';
  if (ranges.length <= longest) return `${word} ${ranges}`;
  const cut = ranges.slice(0, longest);
  return `${word} ${cut.slice(0, cut.lastIndexOf(','))},…`;
}
