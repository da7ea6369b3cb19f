import assert from 'node:assert/strict';
import type { AttemptRecord } from '../../../../src/core/compute/computeSource';
import {
  formatEvent,
  parseEvent,
  type JournalEvent,
  type SweepRequest,
} from '../../../../src/core/engine/journalEvent';
import { SweepSnapshot, type SweepPolicy } from '../../../../src/core/engine/sweepState';
import type { TaskState } from '../../../../src/core/engine/taskState';

const started = (task: number, attempt = 1): AttemptRecord => ({
  kind: 'started',
  task,
  attempt,
  slot: 0,
  pid: 100,
  atMs: 1000,
});
const ended = (
  task: number,
  exitCode: number,
  attempt = 1,
  endedBy?: 'timeout' | 'cancel',
): AttemptRecord => ({
  kind: 'ended',
  task,
  attempt,
  exitCode,
  atMs: 2000,
  ...(endedBy ? { endedBy } : {}),
});
const lost = (task: number, attempt = 1): AttemptRecord => ({
  kind: 'lost',
  task,
  attempt,
  evidence: 'process gone',
  atMs: 2000,
});
const released = (task: number, attempt = 1): AttemptRecord => ({
  kind: 'released',
  task,
  attempt,
  evidence: 'taken back',
  atMs: 2000,
});

const submit = (first: number, last: number, attempt = 1): JournalEvent => ({
  kind: 'submitting',
  at: 0,
  source: 'here',
  token: `${first}.${attempt}`,
  tasks: [[first, last, attempt]],
});
const news = (...records: AttemptRecord[]): JournalEvent => ({
  kind: 'observed',
  at: 3000,
  source: 'here',
  cursor: 'c',
  records,
});
const asked = (request: SweepRequest, at = 0): JournalEvent => ({ kind: 'asked', at, request });

const POLICY: SweepPolicy = { total: 3, sources: ['here'], retries: 0, lost: 'rerun' };

/** Applies events to a fresh sweep of three tasks and tells the tasks' states. */
function statesAfter(events: readonly JournalEvent[], policy: Partial<SweepPolicy> = {}): TaskState[] {
  const snapshot = new SweepSnapshot({ ...POLICY, ...policy });
  for (const event of events) snapshot.apply(event);
  return Array.from({ length: snapshot.tasks.total }, (_, index) => snapshot.tasks.stateOf(index + 1));
}

function checkStates(
  events: readonly JournalEvent[],
  expected: readonly TaskState[],
  policy: Partial<SweepPolicy> = {},
): void {
  assert.deepEqual(statesAfter(events, policy), expected);
}

describe('SweepSnapshot', () => {
  it('takes a task from waiting over queued and running to its end', () => {
    checkStates([], ['waiting', 'waiting', 'waiting']);
    checkStates([submit(1, 3)], ['queued', 'queued', 'queued']);
    checkStates([submit(1, 3), news(started(2))], ['queued', 'running', 'queued']);
    checkStates(
      [submit(1, 3), news(started(2), ended(2, 0), started(3), ended(3, 1))],
      ['queued', 'succeeded', 'failed'],
    );
  });

  it('believes an end record without a start record', () => {
    checkStates([submit(1, 3), news(ended(1, 0))], ['succeeded', 'queued', 'queued']);
  });

  it('lets an end record outrank a verdict that the task is lost', () => {
    checkStates([submit(1, 3), news(started(1), lost(1), ended(1, 0))], ['succeeded', 'queued', 'queued'], {
      lost: 'ask',
    });
  });

  it('runs a failed task again as often as the policy says', () => {
    const first = [submit(1, 3), news(started(1), ended(1, 1))];
    checkStates(first, ['waiting', 'queued', 'queued'], { retries: 1 });
    checkStates([...first, submit(1, 1, 2), news(ended(1, 1, 2))], ['failed', 'queued', 'queued'], {
      retries: 1,
    });
  });

  it('takes no news of an attempt that a later one has replaced', () => {
    const events = [submit(1, 3), news(ended(1, 1)), submit(1, 1, 2), news(ended(1, 0, 1))];
    checkStates(events, ['queued', 'queued', 'queued'], { retries: 1 });
  });

  it('treats a lost task as the policy says', () => {
    const events = [submit(1, 3), news(started(1), lost(1))];
    checkStates(events, ['waiting', 'queued', 'queued'], { lost: 'rerun' });
    checkStates(events, ['lost', 'queued', 'queued'], { lost: 'ask' });
    checkStates(events, ['failed', 'queued', 'queued'], { lost: 'fail' });
  });

  it('gives up on a task that is lost again and again', () => {
    const events = [1, 2, 3].flatMap((attempt) => [
      submit(1, 1, attempt),
      news(started(1, attempt), lost(1, attempt)),
    ]);
    checkStates(events, ['lost', 'waiting', 'waiting']);
  });

  it('gives a released task back to the waiting ones, whatever the retries', () => {
    checkStates([submit(1, 3), news(released(2))], ['queued', 'waiting', 'queued']);
  });

  it('calls a task cancelled only when a signal or the runner ended it', () => {
    const before = [submit(1, 3), news(started(1), started(2), started(3)), asked({ verb: 'cancel' })];
    checkStates(
      [...before, news(ended(1, 143), ended(2, 0), ended(3, 1))],
      ['cancelled', 'succeeded', 'failed'],
    );
    checkStates([...before, news(ended(1, 0, 1, 'cancel'))], ['cancelled', 'running', 'running']);
  });

  it('drops what waits when the sweep is stopped, and what comes back', () => {
    checkStates([submit(1, 2), asked({ verb: 'stop' })], ['queued', 'queued', 'cancelled']);
    checkStates(
      [submit(1, 2), asked({ verb: 'stop' }), news(released(1))],
      ['cancelled', 'queued', 'cancelled'],
    );
  });

  it('stops by itself at the failure limit', () => {
    const events = [submit(1, 2), news(ended(1, 1))];
    checkStates(events, ['failed', 'queued', 'cancelled'], { stopAfterFailures: { tasks: 1 } });
    checkStates(events, ['failed', 'queued', 'cancelled'], { stopAfterFailures: { share: 0.3 } });
    checkStates(events, ['failed', 'queued', 'waiting'], { stopAfterFailures: { share: 0.5 } });
  });

  it('runs chosen tasks again, also those that succeeded, but none that is under way', () => {
    const events = [
      submit(1, 3),
      news(ended(1, 0), ended(2, 1), started(3)),
      asked({ verb: 'rerun', tasks: [1, 2, 3, 9] }),
    ];
    checkStates(events, ['waiting', 'waiting', 'running']);
  });

  it('is over when every task is in a final state, and tells failure before cancellation before success', () => {
    const over = (...records: AttemptRecord[]): string => {
      const snapshot = new SweepSnapshot({ ...POLICY, lost: 'ask' });
      snapshot.apply(submit(1, 3));
      snapshot.apply(news(...records));
      return snapshot.state;
    };
    assert.equal(over(ended(1, 0), ended(2, 0)), 'running');
    assert.equal(over(ended(1, 0), ended(2, 0), ended(3, 0)), 'succeeded');
    assert.equal(over(ended(1, 0), ended(2, 143, 1, 'cancel'), ended(3, 0)), 'cancelled');
    assert.equal(over(lost(1), ended(2, 143, 1, 'cancel'), ended(3, 0)), 'failed');
  });

  it('ended when its last task ended, however much later that is learned', () => {
    const end = (...events: readonly JournalEvent[]): number | undefined => {
      const snapshot = new SweepSnapshot({ ...POLICY, total: 2 });
      for (const event of [submit(1, 2), ...events]) snapshot.apply(event);
      return snapshot.endedAt;
    };
    assert.equal(end(news(ended(1, 0))), undefined, 'it is not over');
    assert.equal(end(news(ended(1, 0), ended(2, 1))), 2000);
    assert.equal(end(news(ended(1, 0), { ...ended(2, 1), atMs: 90_000 })), 3000, 'a clock that is ahead');
    const dropped = [news(ended(1, 0)), asked({ verb: 'cancel' }, 9000)];
    assert.equal(end(...dropped, news(released(2))), 9000, 'what had not started was dropped later');
    const late = asked({ verb: 'cancel' }, 50_000);
    assert.equal(end(news(ended(1, 0), ended(2, 1)), late), 2000, 'nothing was left to cancel');
  });

  it('grows at the end when the sweep is extended', () => {
    checkStates(
      [submit(1, 3), news(ended(1, 0)), { kind: 'extended', at: 0, total: 4 }],
      ['succeeded', 'queued', 'queued', 'waiting'],
    );
  });

  it('remembers a hand-over until the source has accepted it', () => {
    const snapshot = new SweepSnapshot(POLICY);
    snapshot.apply(submit(1, 3));
    assert.deepEqual([...snapshot.pending.keys()], ['here/1.1']);
    snapshot.apply({ kind: 'submitted', at: 0, source: 'here', token: '1.1' });
    assert.equal(snapshot.pending.size, 0);
  });
});

describe('a journal line', () => {
  const events: JournalEvent[] = [
    submit(1, 3),
    news(started(1), ended(1, 137), ended(2, 1, 2, 'timeout'), lost(3), released(3, 2)),
    asked({ verb: 'cancel', tasks: [1, 2] }),
    { kind: 'driver', at: 1, pid: 2, host: 'h' },
  ];

  it('reads back as it was written', () => {
    assert.deepEqual(
      events.map((event) => parseEvent(formatEvent(event))),
      events,
    );
  });

  it('is no event when it is torn or not JSON', () => {
    const line = formatEvent(news(started(1)));
    for (let length = 0; length < line.length; length++)
      assert.equal(parseEvent(line.slice(0, length)), undefined);
    assert.equal(parseEvent('\0'.repeat(40)), undefined);
  });
});
