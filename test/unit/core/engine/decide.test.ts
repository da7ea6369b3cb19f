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

/** The tasks that sources are given who ask one after the other, as they do. */
function handedOver(total: number, names: readonly string[]): Map<string, readonly number[]> {
  const state = new SweepSnapshot({ total, sources: names, retries: 0, lost: 'ask' });
  const sources = names.map((name) => ({ name, slots: 1, healthy: true, asked: new Set<string>() }));
  const given = new Map<string, readonly number[]>();
  for (const name of names) {
    for (const effect of decide(state, sources, name)) {
      if (effect.kind !== 'submit') continue;
      state.apply(submittingEvent(name, name, effect.tasks, 1));
      state.apply({ kind: 'submitted', at: 1, source: name, token: name });
      given.set(
        name,
        effect.tasks.map(({ task }) => task),
      );
    }
  }
  return given;
}

describe('handing over', () => {
  it('gives neighbours of the grid to different sources, so that none gets a corner of it for itself', () => {
    const given = handedOver(12, ['a', 'b', 'c']);
    assert.deepEqual(given.get('a'), [1, 4, 7, 10]);
    assert.deepEqual(given.get('b'), [2, 5, 8, 11]);
    assert.deepEqual(given.get('c'), [3, 6, 9, 12]);
  });

  it('spreads large shares in few runs, each task to one source', () => {
    const given = handedOver(4_001, ['a', 'b']);
    for (const tasks of given.values()) {
      const runs = tasks.filter((task, index) => tasks[index - 1] !== task - 1).length;
      assert.ok(runs <= 64, `${runs} runs`);
      const [first = 0, last = 0] = [tasks.at(0), tasks.at(-1)];
      assert.ok(first < 100 && last > 3_900, `from ${first} to ${last}`);
    }
    const all = [...given.values()].flat().sort((one, other) => one - other);
    assert.deepEqual(
      all,
      Array.from({ length: 4_001 }, (_, index) => index + 1),
    );
  });

  it('gives one source its tasks in their order', () => {
    assert.deepEqual(handedOver(5, ['a']).get('a'), [1, 2, 3, 4, 5]);
  });
});

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
