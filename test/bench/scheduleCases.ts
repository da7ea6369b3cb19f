import type { SimulatedHost } from './scheduleWorld';

/** Tasks and hosts of one simulated schedule. */
export interface ScheduleCase {
  readonly name: string;
  readonly hosts: readonly SimulatedHost[];
  /** Of each task at speed 1, in milliseconds. */
  readonly workMs: Float64Array;
}

const MEDIAN_MS = 30_000;
/** A log-normal with this spread has a mean twice its median, and one task in a thousand takes 40 times the median. */
const SPREAD = 1.2;

/** Fast and slow hosts: 1 to 8 slots, each up to eight times as fast as the slowest. */
export function unequalHosts(count: number): SimulatedHost[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `host${index}`,
    slots: [1, 2, 4, 8][index % 4] ?? 1,
    speed: 2 ** ((index * 7) % 4),
  }));
}

export function equalHosts(count: number): SimulatedHost[] {
  return Array.from({ length: count }, (_, index) => ({ name: `host${index}`, slots: 4, speed: 1 }));
}

export function equalWork(tasks: number): Float64Array {
  return new Float64Array(tasks).fill(MEDIAN_MS);
}

/** Mostly short, sometimes very long. */
export function longTailedWork(tasks: number, seed: number): Float64Array {
  const random = mulberry32(seed);
  return Float64Array.from({ length: tasks }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return MEDIAN_MS * Math.exp(SPREAD * normal);
  });
}

/** No schedule can end sooner: all hosts busy from first to last, or the longest task alone on the fastest host. */
export function lowerBoundMs({ hosts, workMs }: ScheduleCase): number {
  const speed = hosts.reduce((sum, host) => sum + host.slots * host.speed, 0);
  const work = workMs.reduce((sum, one) => sum + one, 0);
  const longest = workMs.reduce((most, one) => Math.max(most, one), 0);
  return Math.max(work / speed, longest / Math.max(...hosts.map((host) => host.speed)));
}

/** @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
