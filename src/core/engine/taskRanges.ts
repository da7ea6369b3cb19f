import type { AttemptRef } from '../compute/computeSource';

/** Consecutive tasks with the same attempt: first task, last task, attempt. */
export type TaskRange = readonly [first: number, last: number, attempt: number];

/** Packs attempts, in their order, into as few ranges as possible. A million first attempts are one range. */
export function toRanges(attempts: readonly AttemptRef[]): TaskRange[] {
  const ranges: [number, number, number][] = [];
  for (const { task, attempt } of attempts) {
    const last = ranges.at(-1);
    if (last && last[1] + 1 === task && last[2] === attempt) last[1] = task;
    else ranges.push([task, task, attempt]);
  }
  return ranges;
}

/** The attempts of ranges, in order. */
export function* fromRanges(ranges: readonly TaskRange[]): Generator<AttemptRef> {
  for (const [first, last, attempt] of ranges) {
    for (let task = first; task <= last; task++) yield { task, attempt };
  }
}

/** Reads `3,7-9` as 3, 7, 8, 9. Undefined when the text is something else. */
export function parseTaskList(text: string): number[] | undefined {
  const tasks: number[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part);
    if (!match) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first < 1 || last < first) return undefined;
    for (let task = first; task <= last; task++) tasks.push(task);
  }
  return tasks;
}

/** Writes 3, 7, 8, 9 as `3,7-9`. */
export function formatTaskList(tasks: readonly number[]): string {
  return toRanges(tasks.map((task) => ({ task, attempt: 1 })))
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
    .join(',');
}
