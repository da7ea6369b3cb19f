import { formatSeconds } from '../sweep/duration';
import type { ResourceChange, TaskResources } from './resourceChange';

/** A limit of {@link TaskResources} for people: `2 h`, `1 h 30 min`, `unlimited`. */
export function formatTimeLimit(timeLimitSec: number | null): string {
  return timeLimitSec === null ? 'unlimited' : formatSeconds(timeLimitSec);
}

/** What a task has by a rerun, a few words each: `only on box2`, `time limit 2 h`, `memory 32G`. Empty for nothing. */
export function describeResources({ sources, timeLimitSec, memory }: TaskResources = {}): string[] {
  return [
    ...(sources === undefined ? [] : [`only on ${sources.join(', ')}`]),
    ...(timeLimitSec === undefined ? [] : [`time limit ${formatTimeLimit(timeLimitSec)}`]),
    ...(memory === undefined ? [] : [`memory ${memory}`]),
  ];
}

/** A change in words that follow "again": ` on box2, with a time limit of 2 h`. Empty for none. */
export function describeChange({ sources, timeLimitSec, memory, slots }: ResourceChange): string {
  const words = [
    ...(sources === undefined ? [] : [` on ${sources.join(', ')}`]),
    ...(timeLimitSec === undefined ? [] : [limitWords(timeLimitSec)]),
    ...(memory === undefined ? [] : [` with ${memory} of memory each`]),
    ...(slots === undefined ? [] : [` with ${slots} at one time`]),
  ];
  return words.join(',');
}

function limitWords(timeLimitSec: number | null): string {
  return timeLimitSec === null
    ? ' without a time limit'
    : ` with a time limit of ${formatSeconds(timeLimitSec)}`;
}
