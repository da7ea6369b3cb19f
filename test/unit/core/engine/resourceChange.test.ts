import assert from 'node:assert/strict';
import { decide, type SourceSituation } from '../../../../src/core/engine/decide';
import { formatEvent, parseEvent, type SweepRequest } from '../../../../src/core/engine/journalEvent';
import type { ResourceChange } from '../../../../src/core/engine/resourceChange';
import { submittingEvent } from '../../../../src/core/engine/sourceWorker';
import { SweepSnapshot } from '../../../../src/core/engine/sweepState';

const LATE = { name: 'late', type: 'ssh', config: { type: 'ssh', host: 'box2' } } as const;

describe('a rerun with other resources', () => {
  it('keeps its tasks to the sources that it names, and the others to all', () => {
    const state = over(6, ['a', 'b']);
    ask(state, { verb: 'rerun', tasks: [1, 2, 3, 4], change: { sources: ['b'] } });
    ask(state, { verb: 'rerun', tasks: [5, 6] });
    assert.deepEqual(given(state, ['a', 'b']), { a: [5, 6], b: [1, 2, 3, 4] });
  });

  it('waits for its source when that can take nothing', () => {
    const state = over(2, ['a', 'b']);
    ask(state, { verb: 'rerun', tasks: [1, 2], change: { sources: ['b'] } });
    assert.deepEqual(given(state, ['a']), {});
  });

  it('gives a source on trial only a task that may run there', () => {
    const state = over(2, ['a', 'b']);
    state.apply({ kind: 'standing', at: 1, source: 'b', standing: 'trial', reason: '' });
    ask(state, { verb: 'rerun', tasks: [1, 2], change: { sources: ['a'] } });
    assert.deepEqual(given(state, ['a', 'b']), { a: [1, 2] });
  });

  it('takes nothing back from a busy source that an idle one may not run', () => {
    const state = over(9, ['a', 'b']);
    const tasks = Array.from({ length: 9 }, (_, index) => index + 1);
    ask(state, { verb: 'rerun', tasks, change: { sources: ['a'] } });
    given(state, ['a', 'b']);
    const withdrawn = decide(state, situations(['a', 'b'])).filter(({ kind }) => kind === 'withdraw');
    assert.deepEqual(withdrawn, []);
  });

  it('takes back what an idle source may run, and leaves what it may not', () => {
    const state = over(8, ['a', 'b']);
    ask(state, { verb: 'rerun', tasks: [1, 2, 3, 4, 5, 6], change: { sources: ['a', 'b'] } });
    ask(state, { verb: 'rerun', tasks: [7, 8], change: { sources: ['a'] } });
    const all = [1, 2, 3, 4, 5, 6, 7, 8].map((task) => ({ task, attempt: 2 }));
    state.apply(submittingEvent('a', '000009', all, 1));
    state.apply({ kind: 'submitted', at: 1, source: 'a', token: '000009' });
    const effects = decide(state, situations(['a', 'b']));
    const withdrawn = effects.flatMap((effect) => (effect.kind === 'withdraw' ? effect.tasks : []));
    assert.ok(withdrawn.length > 0);
    assert.ok(
      withdrawn.every(({ task }) => task <= 6),
      withdrawn.map(({ task }) => task).join(),
    );
  });

  it('is remembered for later reruns, which change only what they name', () => {
    const state = over(2, ['a', 'b']);
    ask(state, { verb: 'rerun', tasks: [1], change: { sources: ['b'], timeLimitSec: 7200 } });
    end(state, [1], 'b', 2);
    ask(state, { verb: 'rerun', tasks: [1], change: { timeLimitSec: null, memory: '32G' } });
    assert.deepEqual(state.resources.of(1), { sources: ['b'], timeLimitSec: null, memory: '32G' });
    assert.equal(state.resources.of(2), undefined);
  });

  it('changes nothing for a task that is under way', () => {
    const state = new SweepSnapshot({ total: 2, sources: ['a'], retries: 0, lost: 'ask' });
    ask(state, { verb: 'rerun', tasks: [1], change: { timeLimitSec: 60, slots: 1 } });
    assert.equal(state.resources.of(1), undefined);
    assert.equal(state.slotsOf('a', 4), 4);
  });

  it('runs fewer tasks at one time on the sources that it names', () => {
    const state = over(2, ['a', 'b']);
    ask(state, { verb: 'rerun', tasks: [1], change: { sources: ['b'], slots: 1 } });
    assert.deepEqual([state.slotsOf('a', 4), state.slotsOf('b', 4)], [4, 1]);
  });

  it('brings a source to a sweep that did not have it, once', () => {
    const state = over(3, ['a']);
    ask(state, { verb: 'rerun', tasks: [2], change: { sources: ['late'] }, joining: [LATE] });
    ask(state, { verb: 'rerun', tasks: [3], change: { sources: ['late'] }, joining: [LATE] });
    assert.deepEqual(state.sources, ['a', 'late']);
    assert.deepEqual(state.joined, [LATE]);
    assert.deepEqual(given(state, ['a', 'late']), { late: [2, 3] });
  });

  it('brings a source for its tasks alone: what else waits stays with the sources of the launch', () => {
    const state = over(9, ['a']);
    ask(state, { verb: 'rerun', tasks: [2], change: { sources: ['late'] }, joining: [LATE] });
    ask(state, { verb: 'rerun', tasks: [1, 3, 4, 5, 6, 7, 8, 9] });
    assert.deepEqual(given(state, ['late', 'a']), { a: [1, 3, 4, 5, 6, 7, 8, 9], late: [2] });
    end(state, [2], 'late', 2);
    const withdrawn = decide(state, situations(['a', 'late'])).filter(({ kind }) => kind === 'withdraw');
    assert.deepEqual(withdrawn, []);
  });

  it('asks a source that was alone when its journal was damaged for what nobody knows of, before another joins', () => {
    const state = over(2, ['a']);
    state.damage = 1;
    state.apply({ kind: 'repaired', at: 1, damage: 1 });
    assert.equal(state.unfenced.size, 0);
    ask(state, { verb: 'rerun', tasks: [1], change: { sources: ['late'] }, joining: [LATE] });
    assert.deepEqual([...state.unfenced], ['a']);
  });

  checkRead({ timeLimitSec: null });
  checkRead({ sources: ['late'], timeLimitSec: 60, memory: '8G', slots: 2 });

  function checkRead(change: ResourceChange): void {
    it(`is read from the journal as it was written: ${JSON.stringify(change)}`, () => {
      const request = { verb: 'rerun', tasks: [1, 2], change, joining: [LATE] } as const;
      const event = { kind: 'asked', at: 1, request } as const;
      assert.deepEqual(parseEvent(formatEvent(event)), event);
    });
  }
});

/** A sweep whose tasks all failed on its first source. */
function over(total: number, sources: readonly string[]): SweepSnapshot {
  const state = new SweepSnapshot({ total, sources, retries: 0, lost: 'ask' });
  const [first = ''] = sources;
  end(
    state,
    Array.from({ length: total }, (_, index) => index + 1),
    first,
    1,
  );
  return state;
}

function end(state: SweepSnapshot, tasks: readonly number[], source: string, attempt: number): void {
  const token = `${state.batches + 1}`;
  const attempts = tasks.map((task) => ({ task, attempt }));
  state.apply(submittingEvent(source, token, attempts, 1));
  state.apply({ kind: 'submitted', at: 1, source, token });
  const records = attempts.map((ref) => ({ kind: 'ended', ...ref, exitCode: 1, atMs: 2 }) as const);
  state.apply({ kind: 'observed', at: 2, source, cursor: token, records });
}

function ask(state: SweepSnapshot, request: SweepRequest): void {
  state.apply({ kind: 'asked', at: 3, request });
}

function situations(names: readonly string[]): SourceSituation[] {
  return names.map((name) => ({ name, slots: 1, healthy: true, asked: new Set<string>() }));
}

/** Hands over what is decided for these sources. @returns the tasks that each got */
function given(state: SweepSnapshot, names: readonly string[]): Record<string, number[]> {
  const got: Record<string, number[]> = {};
  for (const name of names) {
    for (const effect of decide(state, situations(names), name)) {
      if (effect.kind !== 'submit') continue;
      const token = `1${state.batches + 1}`;
      state.apply(submittingEvent(name, token, effect.tasks, 4));
      state.apply({ kind: 'submitted', at: 4, source: name, token });
      got[name] = effect.tasks.map(({ task }) => task);
    }
  }
  return got;
}
