import type { SweepSummary } from '../../core/facade';
import { parseUriParts, type UriParts } from '../documents/documentUri';
import { parseLogUri } from '../logs/logUri';
import type { SweepNode } from '../trees/sweepNode';

/** What a menu, a link or a lens can hand to a command. */
type Argument = SweepNode | UriParts | undefined;

/** The sweep that an argument names. */
export function sweepIdOf(argument: Argument): string | undefined {
  if (!argument) return undefined;
  if ('sweepId' in argument) return argument.sweepId;
  const document = 'scheme' in argument ? parseAddress(argument) : undefined;
  return document && 'sweepId' in document ? document.sweepId : undefined;
}

function parseAddress(uri: UriParts): ReturnType<typeof parseUriParts> | ReturnType<typeof parseLogUri> {
  return parseUriParts(uri) ?? parseLogUri(uri);
}

export interface TaskRef {
  readonly sweepId: string;
  readonly task: number;
}

/** The task that an argument names. */
export function taskRefOf(argument: Argument): TaskRef | undefined {
  if (!argument) return undefined;
  const named = 'scheme' in argument ? parseAddress(argument) : argument;
  return named && 'task' in named && named.task !== undefined
    ? { sweepId: named.sweepId, task: named.task }
    : undefined;
}

/**
 * The tasks that a command is meant for, by sweep: all that are selected when the line that was clicked is among them,
 * as in VS Code's explorer; else that line alone.
 */
export function tasksBySweep(
  clicked: Argument,
  selection: readonly Argument[] = [],
): ReadonlyMap<string, readonly number[]> {
  const target = taskRefOf(clicked);
  const selected = selection.flatMap((argument) => taskRefOf(argument) ?? []);
  const isSelected = !target || selected.some((ref) => isSame(ref, target));
  const refs = isSelected ? selected : [target];
  const result = new Map<string, number[]>();
  for (const { sweepId, task } of refs) {
    result.set(sweepId, [...new Set([...(result.get(sweepId) ?? []), task])]);
  }
  return result;
}

function isSame(a: TaskRef, b: TaskRef): boolean {
  return a.sweepId === b.sweepId && a.task === b.task;
}

/** Which sweeps a verb makes sense for. */
export const SWEEP_FILTERS = {
  canPause: ({ state }: SweepSummary) => state === 'running',
  canResume: ({ state }: SweepSummary) => state === 'paused',
  canStop: ({ state }: SweepSummary) => state === 'running' || state === 'paused',
  canCancel: ({ state }: SweepSummary) => state === 'running' || state === 'paused' || state === 'stopping',
  hasFailed: ({ counts }: SweepSummary) => counts.failed + counts.lost > 0,
  hasUnsuccessful: ({ counts }: SweepSummary) => counts.failed + counts.lost + counts.cancelled > 0,
  any: () => true,
} as const;
