import { toDisposable, type Disposable } from '../../core/base/lifecycle';

/** Calls back when the signal aborts, at once when it has; until disposed. */
export function onAbort(signal: AbortSignal, callback: (reason: Error) => void): Disposable {
  if (signal.aborted) {
    callback(signal.reason as Error);
    return toDisposable(() => undefined);
  }
  // A signal of our own: many wait for one and the same, and Node takes many listeners of one for a leak.
  const own = AbortSignal.any([signal]);
  const call = (): void => {
    callback(own.reason as Error);
  };
  own.addEventListener('abort', call, { once: true });
  return toDisposable(() => {
    own.removeEventListener('abort', call);
  });
}

/** What the promise gives, or the signal's reason when that comes first. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const listening = onAbort(signal, reject);
    promise.then(resolve, reject).finally(() => {
      listening.dispose();
    });
  });
}
