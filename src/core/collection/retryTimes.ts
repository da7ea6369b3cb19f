import { attemptKey, type AttemptRef } from '../compute/computeSource';

const FIRST_MS = 15_000;
const LONGEST_MS = 15 * 60_000;

/**
 * When attempts whose files could not be brought are tried again: each time later, because a try may read all of them on
 * both sides. Times are milliseconds of one clock.
 */
export class RetryTimes {
  private readonly tries = new Map<string, { readonly failures: number; readonly dueAt: number }>();

  failed(attempt: AttemptRef, now: number): void {
    const key = attemptKey(attempt);
    const failures = (this.tries.get(key)?.failures ?? 0) + 1;
    const delayMs = Math.min(FIRST_MS * 2 ** Math.min(failures, 20), LONGEST_MS);
    this.tries.set(key, { failures, dueAt: now + delayMs });
  }

  isDue(attempt: AttemptRef, now: number): boolean {
    return (this.tries.get(attemptKey(attempt))?.dueAt ?? -Infinity) <= now;
  }
}
