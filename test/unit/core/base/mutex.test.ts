import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Mutex } from '../../../../src/core/base/mutex';
import { waitUntil } from '../../../support/waitUntil';

/** Node offers it only where it was asked for at the start. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

describe('a mutex', () => {
  it('runs one section at a time, in the order of the calls, past one that fails', async () => {
    const mutex = new Mutex();
    const told: string[] = [];
    const section = (name: string) => async (): Promise<string> => {
      told.push(`${name} begins`);
      await Promise.resolve();
      told.push(`${name} ends`);
      if (name === 'b') throw new Error('b failed');
      return name;
    };
    const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => mutex.run(section(name))));
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason))),
      ['a', 'Error: b failed', 'c'],
    );
    assert.deepEqual(told, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('keeps nothing of the sections that are over', async () => {
    const mutex = new Mutex();
    let result: WeakRef<object> | undefined;
    for (let count = 0; count < 3; count += 1)
      await mutex.run(() => {
        const made = { bytes: new Uint8Array(1e6) };
        result ??= new WeakRef(made);
        return Promise.resolve(made);
      });
    await waitUntil('the result of the first is collected', () => {
      collectGarbage();
      return result?.deref() === undefined;
    });
  });

  it('lets who gives up waiting leave at once, and never runs its section', async () => {
    const mutex = new Mutex();
    const told: string[] = [];
    const first = new EventTarget();
    const busy = mutex.run(() => once(first, 'over'));
    const abort = new AbortController();
    const waiting = mutex.run(() => Promise.resolve(told.push('gave up')), abort.signal);
    const next = mutex.run(() => Promise.resolve(told.push('next')));
    abort.abort(new Error('no longer wanted'));
    await assert.rejects(waiting, /no longer wanted/);
    assert.deepEqual(told, [], 'the first still has it');
    first.dispatchEvent(new Event('over'));
    await Promise.all([busy, next]);
    assert.deepEqual(told, ['next']);
  });
});
