import type { Disposable } from './lifecycle';

/** The time and its passing, so that tests can move both. */
export interface Clock {
  /** Milliseconds since 1970, UTC. May jump; use it to show and record, not to measure. */
  now(): number;
  /** Milliseconds since some moment; goes on evenly whatever the time of day is set to. To measure with. */
  elapsed(): number;
  /** Calls back once after `delayMs`, unless disposed before. */
  after(delayMs: number, callback: () => void): Disposable;
}
