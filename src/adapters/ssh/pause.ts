import type { Clock } from '../../core/base/clock';
import { onAbort } from './onAbort';

/** Resolves after a while. @throws the signal's reason when it aborts before */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(delayMs, () => {
      listening.dispose();
      resolve();
    });
    const listening = onAbort(signal, (reason) => {
      timer.dispose();
      reject(reason);
    });
  });
}
