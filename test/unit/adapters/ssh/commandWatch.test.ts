import assert from 'node:assert/strict';
import { CommandWatch } from '../../../../src/adapters/ssh/commandWatch';
import { ManualClock } from '../../../support/manualClock';

interface Course {
  readonly timeCounts?: 'since-progress';
  /** Milliseconds between the bytes that go over. */
  readonly pausesMs: readonly number[];
}

describe('The time of a command on a host', () => {
  async function checkTime({ timeCounts, pausesMs }: Course, message: RegExp | undefined): Promise<void> {
    const clock = new ManualClock();
    const limits = { what: 'Sorting', timeoutMs: 100, maxOutputBytes: 10, ...(timeCounts && { timeCounts }) };
    const watch = new CommandWatch('box', limits, clock);
    for (const pauseMs of pausesMs) {
      await clock.advance(pauseMs);
      watch.stdout.take(Buffer.from('x'));
    }
    const { aborted } = watch.signal;
    assert.equal(aborted, message !== undefined);
    if (message) assert.match((watch.signal.reason as Error).message, message);
    watch.dispose();
  }

  it('ends with its limit, whatever goes over', async () => {
    await checkTime({ pausesMs: [60, 60] }, /^Sorting did not end within 100 ms on box/);
  });

  it('begins anew with what goes over, where only a standstill counts', async () => {
    await checkTime({ timeCounts: 'since-progress', pausesMs: [60, 60, 60] }, undefined);
  });

  it('ends at a standstill', async () => {
    await checkTime(
      { timeCounts: 'since-progress', pausesMs: [60, 110] },
      /^Sorting made no progress for 100 ms on box/,
    );
  });
});
