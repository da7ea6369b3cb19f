import type { Clock } from '../../core/base/clock';
import { toDisposable } from '../../core/base/lifecycle';

/** The real time of this window. */
export const windowClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return toDisposable(() => {
      clearTimeout(timer);
    });
  },
};
