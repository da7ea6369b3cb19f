import assert from 'node:assert/strict';
import { RateMeter } from '../../../../src/cli/progress/rateMeter';

describe('the rate of a sweep', () => {
  it('is not told from a single task, nor from less than a second', () => {
    checkRate(
      [
        [0, 0],
        [500, 40],
      ],
      undefined,
    );
    checkRate(
      [
        [0, 0],
        [5_000, 1],
      ],
      undefined,
    );
  });

  it('is what ended over the time it took', () => {
    checkRate(
      [
        [0, 0],
        [1_000, 10],
        [4_000, 40],
      ],
      10,
    );
  });

  it('forgets what is longer ago than twenty seconds', () => {
    checkRate(
      [
        [0, 0],
        [10_000, 1_000],
        [20_000, 1_010],
        [40_000, 1_030],
      ],
      1,
    );
  });

  function checkRate(samples: readonly (readonly [number, number])[], expected: number | undefined): void {
    const meter = new RateMeter();
    for (const [atMs, ended] of samples) meter.add(atMs, ended);
    assert.equal(meter.perSecond, expected);
  }
});
