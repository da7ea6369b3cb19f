import assert from 'node:assert/strict';
import { ChangeGatherer } from '../../../../src/core/project/changeGatherer';
import type { EngineChange } from '../../../../src/core/engine/sweepEngine';
import { ManualClock } from '../../../support/manualClock';

/** What is told of changes that come within one moment, and how often. */
async function checkTold(
  changes: readonly (readonly [string, EngineChange])[],
  expected: object,
): Promise<void> {
  const clock = new ManualClock();
  const told: object[] = [];
  const gatherer = new ChangeGatherer(clock, (sweeps) => told.push(Object.fromEntries(sweeps)));
  for (const [sweep, tasks] of changes) gatherer.add(sweep, tasks);
  await clock.advance(1_000);
  assert.deepEqual(told, [expected]);
}

describe('ChangeGatherer', () => {
  it('tells of many changes at once, each task once', async () => {
    await checkTold(
      [
        ['a', [1, 2]],
        ['b', []],
        ['a', [2, 3]],
      ],
      { a: [1, 2, 3], b: [] },
    );
  });

  it('names no tasks once there were too many to name', async () => {
    await checkTold(
      [
        ['a', [1]],
        ['a', undefined],
        ['a', [2]],
      ],
      { a: undefined },
    );
    await checkTold(
      [
        ['a', undefined],
        ['a', [2]],
      ],
      { a: undefined },
    );
  });

  it('tells nothing after it was disposed', async () => {
    const clock = new ManualClock();
    let told = 0;
    const gatherer = new ChangeGatherer(clock, () => told++);
    gatherer.add('a', [1]);
    gatherer.dispose();
    gatherer.add('a', [2]);
    await clock.advance(1_000);
    assert.equal(told, 0);
  });
});
