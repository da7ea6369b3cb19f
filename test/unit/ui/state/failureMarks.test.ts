import assert from 'node:assert/strict';
import type { SweepSummary, TaskSummary } from '../../../../src/core/facade';
import { FailureMarks } from '../../../../src/ui/state/failureMarks';
import { nextFailure } from '../../../../src/ui/state/nextFailure';
import { FakeFacade } from '../../../support/fakeFacade';
import { MemoryMemento } from '../../../support/memoryMemento';

function setUp(firstUseMs = 0): { facade: FakeFacade; memory: MemoryMemento; marks: FailureMarks } {
  const facade = new FakeFacade();
  const memory = new MemoryMemento();
  return { facade, memory, marks: new FailureMarks(facade, memory, firstUseMs) };
}

function firstTask(facade: FakeFacade, sweep: SweepSummary): TaskSummary {
  const [task] = facade.tasks(sweep.id, { states: ['failed'] });
  assert.ok(task);
  return task;
}

describe('failures that nobody has looked at', () => {
  it('are the failed and lost tasks', () => {
    const { facade, marks } = setUp();
    facade.addSweep({ tasks: { failed: 2, lost: 1, cancelled: 1, succeeded: 1 } });
    assert.equal(marks.unseenCount(), 3);
  });

  it('lose the one that was opened', () => {
    const { facade, marks } = setUp();
    const sweep = facade.addSweep({ tasks: { failed: 2 } });
    marks.markTaskSeen(sweep.id, firstTask(facade, sweep));
    assert.equal(marks.unseenCount(), 1);
  });

  it('gain it again when it fails once more', () => {
    const { facade, marks } = setUp();
    const sweep = facade.addSweep({ tasks: { failed: 1 } });
    marks.markTaskSeen(sweep.id, firstTask(facade, sweep));
    facade.setTask(sweep.id, 1, { attempt: 2, endedAtMs: 50_000 });
    assert.equal(marks.unseenCount(), 1);
  });

  it('lose all of a sweep whose errors were shown, but not those that come after', () => {
    const { facade, marks } = setUp();
    const sweep = facade.addSweep({ tasks: { failed: 2, running: 1 } });
    marks.markSweepSeen(sweep.id);
    assert.equal(marks.unseenCount(), 0);
    facade.setTask(sweep.id, 1, { state: 'failed', attempt: 1, endedAtMs: 60_000 });
    assert.equal(marks.unseenCount(), 1);
  });

  it('do not include what failed before the extension was first used here', () => {
    const { facade, marks } = setUp(100_000);
    facade.addSweep({ state: 'failed', tasks: { failed: 2 }, endedAtMs: 13_000 });
    assert.equal(marks.unseenCount(), 0);
  });

  it('are the same in the next window', () => {
    const { facade, memory, marks } = setUp();
    const sweep = facade.addSweep({ tasks: { failed: 3 } });
    marks.markTaskSeen(sweep.id, firstTask(facade, sweep));
    assert.equal(new FailureMarks(facade, memory, 999_999).unseenCount(), 2);
  });

  it('are told when they change', () => {
    const { facade, marks } = setUp();
    const sweep = facade.addSweep({ tasks: { failed: 1 } });
    let told = 0;
    marks.onDidChange(() => told++);
    marks.markSweepSeen(sweep.id);
    assert.equal(told, 1);
  });
});

describe('dismissed failures', () => {
  it('are those so far, also in the next window', () => {
    const { facade, memory, marks } = setUp();
    const sweep = facade.addSweep({ tasks: { failed: 1 } });
    const task = firstTask(facade, sweep);
    assert.equal(marks.isDismissed(sweep.id, task), false);
    marks.dismiss(sweep.id);
    assert.equal(marks.isDismissed(sweep.id, task), true);
    assert.equal(new FailureMarks(facade, memory, 0).isDismissed(sweep.id, task), true);
    assert.equal(marks.unseenCount(), 0);
  });

  it('do not include a later failure of the same task', () => {
    const { facade, marks } = setUp();
    const sweep = facade.addSweep({ tasks: { failed: 1 } });
    marks.dismiss(sweep.id);
    facade.setTask(sweep.id, 1, { attempt: 2, endedAtMs: 50_000 });
    assert.equal(marks.isDismissed(sweep.id, firstTask(facade, sweep)), false);
  });
});

describe('the next failure', () => {
  it('is one that nobody has seen, in the order of the view', () => {
    const { facade, marks } = setUp();
    const sweep = facade.addSweep({ tasks: { failed: 3 } });
    marks.markTaskSeen(sweep.id, firstTask(facade, sweep));
    assert.deepEqual(nextFailure(facade, marks, undefined), { sweepId: 'lr_1', task: 2 });
    assert.deepEqual(nextFailure(facade, marks, { sweepId: 'lr_1', task: 2 }), { sweepId: 'lr_1', task: 3 });
  });

  it('goes round through all when all were seen', () => {
    const { facade, marks } = setUp();
    facade.addSweep({ id: 'old', tasks: { failed: 1 } });
    facade.addSweep({ id: 'new', tasks: { failed: 2 } });
    marks.markSweepSeen('old');
    marks.markSweepSeen('new');
    const visited: string[] = [];
    let last = nextFailure(facade, marks, undefined);
    for (let i = 0; i < 4; i++) {
      visited.push(`${last?.sweepId ?? ''} ${last?.task ?? ''}`);
      last = nextFailure(facade, marks, last);
    }
    assert.deepEqual(visited, ['new 1', 'new 2', 'old 1', 'new 1']);
  });

  it('is none when no task has failed', () => {
    const { facade, marks } = setUp();
    facade.addSweep({ tasks: { succeeded: 1 } });
    assert.equal(nextFailure(facade, marks, undefined), undefined);
  });
});
