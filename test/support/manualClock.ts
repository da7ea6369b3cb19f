import type { Clock } from '../../src/core/base/clock';
import { toDisposable, type Disposable } from '../../src/core/base/lifecycle';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is moved. Timers fire in the order of their times. */
export class ManualClock implements Clock {
  private timeMs = Date.UTC(2026, 0, 1);
  private readonly timers = new Set<Timer>();
  private count = 0;

  now(): number {
    return this.timeMs;
  }

  elapsed(): number {
    return this.timeMs;
  }

  after(delayMs: number, callback: () => void): Disposable {
    const timer = { atMs: this.timeMs + delayMs, order: this.count++, callback };
    this.timers.add(timer);
    return toDisposable(() => {
      this.timers.delete(timer);
    });
  }

  /** Moves on to the next timer and fires it, after everything that is ready has run. @returns false when none is left */
  async step(): Promise<boolean> {
    await settle();
    const next = [...this.timers].sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
    if (!next) return false;
    this.timers.delete(next);
    this.timeMs = Math.max(this.timeMs, next.atMs);
    next.callback();
    await settle();
    return true;
  }

  /** Moves on for a while, firing what comes up. */
  async advance(durationMs: number): Promise<void> {
    const end = this.timeMs + durationMs;
    for (;;) {
      await settle();
      const due = [...this.timers].some((timer) => timer.atMs <= end);
      if (!due) break;
      await this.step();
    }
    this.timeMs = end;
  }

  /** Fires timers until the condition holds. @throws Error when it does not within `steps` */
  async until(condition: () => boolean, what: string, steps = 100_000): Promise<void> {
    await settle();
    for (let step = 0; !condition(); step++) {
      if (step >= steps || !(await this.step())) throw new Error(`never came true: ${what}`);
    }
  }
}

/** Lets everything run that waits for nothing but promises. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
