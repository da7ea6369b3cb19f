import assert from 'node:assert/strict';
import { WorkerMatcher } from '../../../../src/adapters/matching/workerMatcher';
import { HsmError } from '../../../../src/core/base/errors';
import { matchHere } from '../../../../src/core/results/lineMatcher';

const LINES = ['epoch 3 loss 0.5', 'nothing', '', 'loss nan'];
const PATTERNS = [/epoch (?<epoch>\d+)/u, /loss (?<loss>\S+)(?<rest>x)?/u];

describe('the thread that looks for the patterns of the user', function () {
  this.timeout(30_000);

  it('finds what they name, as it would be found here', async () => {
    const found = await new WorkerMatcher().match(PATTERNS, LINES);
    assert.deepEqual(found, [{ epoch: '3', loss: '0.5' }, {}, {}, { loss: 'nan' }]);
    assert.deepEqual(found, await matchHere.match(PATTERNS, LINES));
  });

  it('gives up a pattern that would take for ever, while this thread goes on', async () => {
    const matcher = new WorkerMatcher(200);
    const endless = /^(?<x>(?:a+)+)$/u;
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    const refuses = (): Promise<void> =>
      assert.rejects(
        matcher.match([PATTERNS[0] ?? /x/u, endless], [`${'a'.repeat(40)}!`]),
        (error: unknown) => {
          assert.ok(error instanceof HsmError);
          assert.equal(error.code, 'input.invalid');
          assert.match(error.message, /^the pattern \/\^\(\?<x>\(\?:a\+\)\+\)\$\/ takes too long/u);
          return true;
        },
      );
    await refuses();
    clearInterval(timer);
    assert.ok(ticks >= 3, `${ticks} ticks`);
    const began = performance.now();
    await refuses();
    assert.ok(performance.now() - began < 150, 'it was tried again');
    // The others go on, in a thread that is new.
    assert.deepEqual(await matcher.match(PATTERNS, ['loss 1']), [{ loss: '1' }]);
  });

  it('answers calls that come at one time each with its own', async () => {
    const matcher = new WorkerMatcher();
    const answers = await Promise.all([1, 2, 3].map((n) => matcher.match([/(?<n>\d)/u], [`${n}`])));
    assert.deepEqual(answers, [[{ n: '1' }], [{ n: '2' }], [{ n: '3' }]]);
  });
});
