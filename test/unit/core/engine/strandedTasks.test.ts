import assert from 'node:assert/strict';
import type { SweepRequest } from '../../../../src/core/engine/journalEvent';
import { strandedTasks } from '../../../../src/core/engine/strandedTasks';
import { submittingEvent } from '../../../../src/core/engine/sourceWorker';
import { SweepSnapshot } from '../../../../src/core/engine/sweepState';

const LATE = { name: 'late', type: 'ssh', config: {} } as const;
const ON_B = { verb: 'rerun', tasks: [1, 2], change: { sources: ['b'] } } as const;
const ON_LATE = { verb: 'rerun', tasks: [3], change: { sources: ['late'] }, joining: [LATE] } as const;

describe('tasks that no source will take', () => {
  check([ON_B], []);
  check(
    [ON_B, { verb: 'slots', source: 'b', slots: 0 }],
    ['2 tasks start nowhere: they may only run on b, which has no slots.'],
  );
  check([{ verb: 'slots', source: 'b', slots: 0 }], []);
  check([ON_B, { verb: 'slots', source: 'b', slots: 0 }, { verb: 'slots', source: 'b', slots: 1 }], []);
  check([ON_B, { verb: 'slots', source: 'b', slots: 0 }, { verb: 'stop' }], []);
  check(
    [ON_LATE],
    [
      '1 task starts nowhere: it may only run on late, which cannot be used from here (this build knows no ssh).',
    ],
  );
  check(
    [
      { ...ON_LATE, change: { sources: ['b', 'late'] } },
      { verb: 'slots', source: 'b', slots: 0 },
    ],
    [
      '1 task starts nowhere: it may only run on b, which has no slots, or on late, which cannot be used from here (this build knows no ssh).',
    ],
  );

  it('are counted also when they were handed over before their source lost its slots', () => {
    const state = overOn(['a', 'b']);
    ask(state, ON_B);
    const again = [1, 2].map((task) => ({ task, attempt: 2 }));
    state.apply(submittingEvent('b', '000002', again, 1));
    ask(state, { verb: 'slots', source: 'b', slots: 0 });
    assert.match(strandedTasks(state, HERE).join(), /^2 tasks start nowhere/);
  });

  it('are all of a sweep whose sources have no slots, but not for one that joined for others', () => {
    const state = overOn(['a']);
    ask(state, { verb: 'rerun', tasks: [1] });
    ask(state, { verb: 'rerun', tasks: [2], change: { sources: ['b'] }, joining: [{ ...LATE, name: 'b' }] });
    ask(state, { verb: 'slots', source: 'a', slots: 0 });
    assert.deepEqual(strandedTasks(state, HERE), [
      '1 task starts nowhere: it may only run on a, which has no slots.',
    ]);
  });
});

const HERE = {
  slots: new Map([
    ['a', 4],
    ['b', 4],
  ]),
  absent: new Map([['late', 'this build knows no ssh']]),
};

function check(requests: readonly SweepRequest[], notes: readonly string[]): void {
  const told = requests.map((request) => JSON.stringify(request)).join(', ');
  it(`are ${notes.length === 0 ? 'none' : 'told'} after ${told}`, () => {
    const state = overOn(['a', 'b']);
    for (const request of requests) ask(state, request);
    assert.deepEqual(strandedTasks(state, HERE), notes);
  });
}

/** Three tasks that failed on the first source. */
function overOn(sources: readonly string[]): SweepSnapshot {
  const state = new SweepSnapshot({ total: 3, sources, retries: 0, lost: 'ask' });
  const [source = ''] = sources;
  const attempts = [1, 2, 3].map((task) => ({ task, attempt: 1 }));
  state.apply(submittingEvent(source, '000001', attempts, 1));
  state.apply({ kind: 'submitted', at: 1, source, token: '000001' });
  const records = attempts.map((ref) => ({ kind: 'ended', ...ref, exitCode: 1, atMs: 2 }) as const);
  state.apply({ kind: 'observed', at: 2, source, cursor: '3', records });
  return state;
}

function ask(state: SweepSnapshot, request: SweepRequest): void {
  state.apply({ kind: 'asked', at: 3, request });
}
