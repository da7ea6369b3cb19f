import type { Clock } from './clock';

/** A wait that ends after a time, or as soon as somebody wakes it. A wake-up before the wait is not lost. */
export class Alarm {
  private woken = false;
  private ring: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  wake(): void {
    this.woken = true;
    this.ring?.();
  }

  /** @returns whether it was woken, rather than the time being up */
  async wait(delayMs: number): Promise<boolean> {
    if (!this.woken) {
      await new Promise<void>((resolve) => {
        const timer = this.clock.after(delayMs, resolve);
        this.ring = () => {
          timer.dispose();
          resolve();
        };
      });
      this.ring = undefined;
    }
    const woken = this.woken;
    this.woken = false;
    return woken;
  }
}
