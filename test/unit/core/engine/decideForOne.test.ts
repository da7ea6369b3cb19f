import assert from 'node:assert/strict';
import { decide, type Effect, type SourceSituation } from '../../../../src/core/engine/decide';
import { submittingEvent } from '../../../../src/core/engine/sourceWorker';
import { SweepSnapshot } from '../../../../src/core/engine/sweepState';

const NAMES = ['a', 'b', 'c'];

function situations(): SourceSituation[] {
  return NAMES.map((name, index) => ({ name, slots: index + 1, healthy: true, asked: new Set() }));
}

/** How many tasks each source is given, or asked to give back. */
function counts(effects: readonly Effect[], kind: 'submit' | 'withdraw'): [string, number][] {
  return effects.flatMap((effect) => (effect.kind === kind ? [[effect.source, effect.tasks.length]] : []));
}

describe('decide for one source', () => {
  it('gives it the share that it has among all, from the front of what waits', () => {
    const state = new SweepSnapshot({ total: 60, sources: NAMES, retries: 0, lost: 'ask' });
    assert.deepEqual(counts(decide(state, situations()), 'submit'), [
      ['a', 10],
      ['b', 20],
      ['c', 30],
    ]);
    const alone = decide(state, situations(), 'b');
    assert.deepEqual(counts(alone, 'submit'), [['b', 20]]);
    assert.ok(alone.every(({ source }) => source === 'b'));
    const [given] = alone.filter((effect) => effect.kind === 'submit');
    assert.deepEqual(given?.tasks[0], { task: 1, attempt: 1 });
  });

  it('takes back from it what it would among all, and nothing from it on behalf of another', () => {
    const state = new SweepSnapshot({ total: 60, sources: NAMES, retries: 0, lost: 'ask' });
    const tasks = Array.from({ length: 60 }, (_, index) => ({ task: index + 1, attempt: 1 }));
    state.apply(submittingEvent('a', '1', tasks, 1));
    state.apply({ kind: 'submitted', at: 1, source: 'a', token: '1' });
    const all = counts(decide(state, situations()), 'withdraw');
    assert.deepEqual(all, [['a', 50]]);
    assert.deepEqual(counts(decide(state, situations(), 'a'), 'withdraw'), all);
    assert.deepEqual(counts(decide(state, situations(), 'b'), 'withdraw'), []);
  });
});
