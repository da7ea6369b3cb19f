import assert from 'node:assert/strict';
import { WorkerMatcher } from '../../../../src/adapters/matching/workerMatcher';
import { matchHere, type LineMatches } from '../../../../src/core/results/lineMatcher';

const LINES = ['epoch 3 loss 0.5', 'nothing', '', 'loss nan'];
const PATTERNS = [/epoch (?<epoch>\d+)/u, /loss (?<loss>\S+)(?<rest>x)?/u];

describe('the thread that looks for the patterns of the user', function () {
  this.timeout(30_000);

  it('finds what they name, as it would be found here', async () => {
    const found = await new WorkerMatcher().match(PATTERNS, LINES);
    assert.deepEqual(found.lines, [{ epoch: '3', loss: '0.5' }, {}, {}, { loss: 'nan' }]);
    assert.deepEqual(found, await matchHere.match(PATTERNS, LINES));
  });

  it('gives up a pattern that would take for ever, while this thread and the other patterns go on', async () => {
    const matcher = new WorkerMatcher(300);
    const endless = /^(?<x>(?:a+)+)$/u;
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    const match = (): Promise<LineMatches> =>
      matcher.match([endless, ...PATTERNS], [`${'a'.repeat(40)}!`, 'loss 1']);
    const expected = { lines: [{}, { loss: '1' }], tooSlow: [endless] };
    assert.deepEqual(await match(), expected);
    clearInterval(timer);
    assert.ok(ticks >= 3, `${ticks} ticks`);
    const began = performance.now();
    assert.deepEqual(await match(), expected);
    assert.ok(performance.now() - began < 250, 'it was tried again');
  });

  it('gives up no pattern because this thread was busy', async () => {
    const matcher = new WorkerMatcher(300);
    // Some milliseconds each, so that this thread comes to look while one is under way.
    const patterns = Array.from({ length: 8 }, (_, index) => new RegExp(`^(?:a+)+$|(?<x${index}>!)`, 'u'));
    let isOver = false;
    // In the event loop timers are next after this, and messages only then.
    const clock = new Int32Array(new SharedArrayBuffer(4));
    const block = (): void => {
      Atomics.wait(clock, 0, 0, 340);
      if (!isOver) setImmediate(block);
    };
    setImmediate(block);
    try {
      assert.deepEqual((await matcher.match(patterns, [`${'a'.repeat(22)}!`])).tooSlow, []);
    } finally {
      isOver = true;
    }
  });

  it('tries a pattern a second time before it gives it up', async () => {
    const began = performance.now();
    const endless = /^(?<x>(?:a+)+)$/u;
    const { tooSlow } = await new WorkerMatcher(300).match([endless], [`${'a'.repeat(40)}!`]);
    assert.deepEqual(tooSlow, [endless]);
    assert.ok(performance.now() - began >= 590, 'it was tried once');
  });

  it('answers calls that come at one time each with its own', async () => {
    const matcher = new WorkerMatcher();
    const answers = await Promise.all([1, 2, 3].map((n) => matcher.match([/(?<n>\d)/u], [`${n}`])));
    assert.deepEqual(
      answers.map(({ lines }) => lines),
      [[{ n: '1' }], [{ n: '2' }], [{ n: '3' }]],
    );
  });
});
