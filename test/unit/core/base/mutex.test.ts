import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Mutex } from '../../../../src/core/base/mutex';

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
