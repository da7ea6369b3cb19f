import assert from 'node:assert/strict';
import type { AttemptRecord } from '../../../../src/core/compute/computeSource';
import type { JournalEvent } from '../../../../src/core/engine/journalEvent';
import { SweepSnapshot } from '../../../../src/core/engine/sweepState';

const started = (task: number, attempt: number): AttemptRecord => ({
  kind: 'started',
  task,
  attempt,
  slot: 1,
  pid: 100,
  atMs: 1000,
});
const ended = (task: number, attempt: number, exitCode: number): AttemptRecord => ({
  kind: 'ended',
  task,
  attempt,
  exitCode,
  atMs: 2000,
});

/** Everything that the source would tell when it is read from the beginning. */
const LOG = [
  started(1, 1),
  ended(1, 1, 0),
  started(2, 1),
  ended(2, 1, 1),
  started(2, 2),
  ended(2, 2, 0),
  started(3, 1),
];

/** A sweep of four tasks whose second needs two attempts. */
const JOURNAL: readonly JournalEvent[] = (
  [
    { kind: 'driver', at: 1, pid: 1, host: 'h' },
    { kind: 'submitting', at: 2, source: 'here', token: '000001', tasks: [[1, 4, 1]] },
    { kind: 'submitted', at: 3, source: 'here', token: '000001' },
    { kind: 'observed', at: 4, source: 'here', cursor: '4', records: LOG.slice(0, 4) },
    { kind: 'submitting', at: 5, source: 'here', token: '000002', tasks: [[2, 2, 2]] },
    { kind: 'submitted', at: 6, source: 'here', token: '000002' },
    { kind: 'observed', at: 7, source: 'here', cursor: '7', records: LOG.slice(4) },
  ] satisfies JournalEvent[]
).map((event, index) => ({ ...event, n: index + 1 }));

function replay(events: readonly JournalEvent[]): SweepSnapshot {
  const snapshot = new SweepSnapshot({ total: 4, sources: ['here'], retries: 1, lost: 'rerun' });
  for (const event of events) snapshot.apply(event);
  return snapshot;
}

/** As the next driver does: the gap is written down, and the source read from the beginning. */
function repair(snapshot: SweepSnapshot): void {
  snapshot.apply({ kind: 'repaired', at: 8, damage: snapshot.damage });
  assert.equal(snapshot.cursors.get('here'), undefined, 'the source is read from the beginning');
  snapshot.apply({ kind: 'observed', at: 9, source: 'here', cursor: '7', records: LOG });
}

function tasksOf({ tasks }: SweepSnapshot): string[] {
  return [1, 2, 3, 4].map((task) => `${tasks.stateOf(task)} ${tasks.attemptOf(task)}`);
}

describe('a journal with lines that are gone or there twice', () => {
  const whole = tasksOf(replay(JOURNAL));

  it('has the state of the whole one after a repair, whichever lines are gone', () => {
    assert.deepEqual(whole, ['succeeded 1', 'succeeded 2', 'running 1', 'queued 1']);
    for (let from = 0; from < JOURNAL.length - 1; from++) {
      for (let to = from + 1; to < JOURNAL.length; to++) {
        const snapshot = replay(JOURNAL.filter((_, index) => index < from || index >= to));
        assert.ok(snapshot.needsRepair, `lines ${from + 1} to ${to} are not missed`);
        repair(snapshot);
        assert.equal(snapshot.needsRepair, false);
        // Of task 4 only the hand-over told: it waits for another, whose claim the source will refuse if it has it.
        const [first, second, third, fourth] = tasksOf(snapshot);
        assert.deepEqual([first, second, third], whole.slice(0, 3), `without the lines ${from + 1} to ${to}`);
        assert.match(fourth ?? '', /^(queued 1|waiting 0)$/);
      }
    }
  });

  it('gives no batch a number that one had whose lines are gone', () => {
    const snapshot = replay(JOURNAL.slice(0, 1));
    snapshot.damage = 1;
    snapshot.apply({ kind: 'repaired', at: 8, damage: 1 });
    assert.ok(snapshot.batches > 2);
  });

  it('says the same when its end is there twice', () => {
    for (let from = 0; from < JOURNAL.length; from++) {
      const snapshot = replay([...JOURNAL, ...JOURNAL.slice(from)]);
      assert.deepEqual(tasksOf(snapshot), whole);
      assert.equal(snapshot.needsRepair, false);
    }
  });

  it('does not run a task again because the wish to is there twice', () => {
    const wish: JournalEvent = { kind: 'asked', at: 8, request: { verb: 'rerun', tasks: [1] }, n: 8 };
    const rerun: JournalEvent[] = [
      wish,
      { kind: 'submitting', at: 9, source: 'here', token: '000003', tasks: [[1, 1, 2]], n: 9 },
      { kind: 'observed', at: 10, source: 'here', cursor: '8', records: [ended(1, 2, 0)], n: 10 },
    ];
    assert.equal(tasksOf(replay([...JOURNAL, ...rerun, wish]))[0], 'succeeded 2');
  });

  it('is read as before when its lines have no numbers', () => {
    const snapshot = replay(
      JOURNAL.map((event) => JSON.parse(JSON.stringify({ ...event, n: undefined })) as JournalEvent),
    );
    assert.deepEqual(tasksOf(snapshot), whole);
    assert.equal(snapshot.needsRepair, false);
  });

  it('names the kinds of events that only a newer version understands', () => {
    const snapshot = replay([...JOURNAL, { kind: 'migrated', at: 8, n: 8 } as unknown as JournalEvent]);
    assert.deepEqual([...snapshot.newerKinds], ['migrated']);
    assert.deepEqual(tasksOf(snapshot), whole);
  });
});
