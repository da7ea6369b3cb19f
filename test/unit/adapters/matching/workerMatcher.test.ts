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

  it('answers calls that come at one time each with its own', async () => {
    const matcher = new WorkerMatcher();
    const answers = await Promise.all([1, 2, 3].map((n) => matcher.match([/(?<n>\d)/u], [`${n}`])));
    assert.deepEqual(
      answers.map(({ lines }) => lines),
      [[{ n: '1' }], [{ n: '2' }], [{ n: '3' }]],
    );
  });
});
