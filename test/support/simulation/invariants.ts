import assert from 'node:assert/strict';
import { parseEvent } from '../../../src/core/engine/journalEvent';
import { SweepSnapshot } from '../../../src/core/engine/sweepState';
import { fromRanges } from '../../../src/core/engine/taskRanges';
import { isFinal } from '../../../src/core/engine/taskState';
import type { Execution } from './farSide';
import type { Outcome } from './simulate';

/** The promises: nothing is lost, nothing runs twice, no state is a guess, nothing runs where it is not to. */
export function checkInvariants(outcome: Outcome): void {
  noAttemptRanTwice(outcome.ledger);
  noTaskRanTwiceAtOnce(outcome.ledger);
  everyTaskIsAccountedFor(outcome);
  everyStateIsTrue(outcome);
  theJournalIsTheState(outcome);
  boundTasksStayOnTheirSources(outcome);
}

function noAttemptRanTwice(ledger: readonly Execution[]): void {
  const seen = new Set<string>();
  for (const { task, attempt } of ledger) {
    const key = `${task}.${attempt}`;
    assert.ok(!seen.has(key), `task ${task} attempt ${attempt} ran twice`);
    seen.add(key);
  }
}

function noTaskRanTwiceAtOnce(ledger: readonly Execution[]): void {
  const endByTask = new Map<number, number>();
  for (const { task, attempt, startMs, endMs } of ledger) {
    const before = endByTask.get(task);
    assert.ok(
      before === undefined || before <= startMs,
      `attempt ${attempt} of task ${task} began before the last one ended`,
    );
    endByTask.set(task, endMs ?? Infinity);
  }
}

function everyTaskIsAccountedFor({ snapshot, ledger }: Outcome): void {
  for (let task = 1; task <= snapshot.tasks.total; task++) {
    assert.ok(
      isFinal(snapshot.tasks.stateOf(task)),
      `task ${task} is ${snapshot.tasks.stateOf(task)} at the end`,
    );
  }
  const orphans = ledger.filter(({ endMs }) => endMs === undefined);
  assert.deepEqual(orphans, [], 'something still runs after the end');
}

function everyStateIsTrue({ snapshot, ledger, policy, requests }: Outcome): void {
  const askedAgain = new Set(requests.flatMap((request) => (request.verb === 'rerun' ? request.tasks : [])));
  for (let task = 1; task <= snapshot.tasks.total; task++) {
    const last = ledger.filter((execution) => execution.task === task).at(-1)?.outcome;
    const state = snapshot.tasks.stateOf(task);
    const told = `task ${task} is ${state}, its last execution: ${last ?? 'none'}`;
    if (state === 'succeeded') assert.equal(last, 'ok', told);
    if (state === 'lost') assert.equal(last, 'vanished', told);
    if (state === 'failed')
      assert.ok(last === 'error' || (last === 'vanished' && policy.lost === 'fail'), told);
    // Cancelled in the middle, or while it waited: for the first attempt, for another, or to be run again after success.
    if (state === 'cancelled' && !askedAgain.has(task)) assert.notEqual(last, 'ok', told);
  }
}

function theJournalIsTheState({ snapshot, files, policy }: Outcome): void {
  const replayed = new SweepSnapshot(policy);
  for (const line of files.journal) {
    const event = parseEvent(line);
    assert.ok(event ?? line === '\0', `the journal holds a line that is no event: ${line}`);
    if (event) replayed.apply(event);
    const counts = Object.values(replayed.tasks.counts());
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      policy.total,
      'a prefix of the journal loses tasks',
    );
  }
  for (let task = 1; task <= policy.total; task++) {
    assert.equal(
      replayed.tasks.stateOf(task),
      snapshot.tasks.stateOf(task),
      `task ${task} differs after a replay`,
    );
  }
}

function boundTasksStayOnTheirSources({ files, policy }: Outcome): void {
  // What damage took away may be what another source was asked for, or that the task had ended.
  if (isDamaged(files.journal)) return;
  const past = new SweepSnapshot(policy);
  for (const line of files.journal) {
    const event = parseEvent(line);
    if (event?.kind === 'submitting') {
      for (const { task } of fromRanges(event.tasks)) {
        const allowed = past.sourcesFor(past.resources.bindingOf(task));
        assert.ok(allowed.includes(event.source), `task ${task} went to ${event.source}: ${allowed.join()}`);
      }
    }
    if (event) past.apply(event);
  }
}

function isDamaged(journal: readonly string[]): boolean {
  return new Set(journal).size < journal.length || journal.includes('\0');
}
