import { setTimeout as delay } from 'node:timers/promises';

/**
 * Resolves with the first value of `condition` that is not false or undefined, looked at every `everyMs`.
 *
 * @throws Error that says what was waited for, when it did not come true in `timeoutMs`
 */
export async function waitUntil<T>(
  what: string,
  condition: () => T | Promise<T>,
  timeoutMs = 20_000,
  everyMs = 50,
): Promise<Exclude<T, false | undefined>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== undefined) return value as Exclude<T, false | undefined>;
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s in vain until ${what}.`);
    await delay(everyMs);
  }
}
