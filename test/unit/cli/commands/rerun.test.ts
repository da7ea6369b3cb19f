import assert from 'node:assert/strict';
import { rerunTasks, type RerunFlags } from '../../../../src/cli/commands/rerun';
import { EXIT } from '../../../../src/cli/exitCode';
import type { TaskState } from '../../../../src/core/engine/taskState';
import type { ResourceChange } from '../../../../src/core/engine/resourceChange';
import type { RerunChoice } from '../../../../src/core/facade';
import { fakeContext, type FakeContext } from '../support/fakeProject';
import { countsOf, sweepOf, taskOf } from '../support/summaries';

const id = 'sweep_20260101_120000';

describe('a rerun', () => {
  checkRerun(
    {},
    { kind: 'unsuccessful' },
    /running everything that did not succeed: 2 failed, 1 lost, 1 cancelled, again/,
  );
  checkRerun({ failed: true }, { kind: 'failed' }, /running 2 failed, 1 lost, again/);
  checkRerun({ tasks: '1,3-4' }, { kind: 'tasks', tasks: [1, 3, 4] }, /running tasks 1,3-4 again/);

  function checkRerun(flags: RerunFlags, choice: RerunChoice, words: RegExp): void {
    it(`with ${JSON.stringify(flags)} says what it runs`, async () => {
      const context = withTasks(['succeeded', 'failed', 'failed', 'lost', 'cancelled']);
      assert.equal(await rerunTasks(context, 'last', { ...flags, detach: true }), EXIT.ok);
      assert.deepEqual(context.project.calls[0], ['rerun', id, choice]);
      assert.match(context.err.text, words);
    });
  }

  checkChanged(
    { failed: true, source: ['box2'], timeLimit: 7200 },
    { sources: ['box2'], timeLimitSec: 7200 },
    'running 2 failed, 1 lost, again on box2, with a time limit of 2 h.',
  );
  checkChanged({ tasks: '2', timeLimit: null }, { timeLimitSec: null }, 'task 2 again without a time limit.');
  checkChanged(
    { tasks: '2', memory: '32G', slots: 2 },
    { memory: '32G', slots: 2 },
    'task 2 again with 32G of memory each, with 2 at one time.',
  );

  function checkChanged(flags: RerunFlags, change: ResourceChange, words: string): void {
    it(`with ${JSON.stringify(flags)} gives them what they lacked, and says so`, async () => {
      const context = withTasks(['succeeded', 'failed', 'failed', 'lost', 'cancelled']);
      assert.equal(await rerunTasks(context, 'last', { ...flags, detach: true }), EXIT.ok);
      assert.deepEqual(context.project.calls[0]?.[3], change);
      assert.ok(context.err.text.includes(words), context.err.text);
    });
  }

  it('of one cause takes the tasks that failed of it', async () => {
    const context = withTasks(['failed', 'failed', 'failed']);
    context.project.groups = [
      { signature: 'a', title: 'MemoryError', tasks: [1, 3] },
      { signature: 'b', title: 'exit code 2', tasks: [2] },
    ];
    await rerunTasks(context, 'last', { group: 1, detach: true });
    assert.deepEqual(context.project.calls[0], ['rerun', id, { kind: 'tasks', tasks: [1, 3] }]);
    assert.match(context.err.text, /running tasks 1,3 \(MemoryError\) again\./);
    await assert.rejects(
      rerunTasks(context, 'last', { group: 3, detach: true }),
      /failures of 2 causes, no group 3\. Nothing was started/,
    );
  });

  it('leaves tasks alone that have not ended, and says so', async () => {
    const context = withTasks(['succeeded', 'running', 'queued']);
    await rerunTasks(context, 'last', { tasks: '1-3', detach: true });
    assert.match(context.err.text, /Left alone, because not ended yet: tasks 2-3/);
    assert.deepEqual(context.project.calls[0], ['rerun', id, { kind: 'tasks', tasks: [1] }]);
  });

  it('of a sweep without failures is nothing to do', async () => {
    const context = withTasks(['succeeded', 'succeeded']);
    assert.equal(await rerunTasks(context, 'last', {}), EXIT.ok);
    assert.match(context.err.text, /nothing to run again: 2 succeeded/);
    assert.deepEqual(context.project.calls, []);
  });

  it('looks first at the sources of a sweep that nobody drives', async () => {
    const context = withTasks(['running']);
    context.project.list = [sweepOf({ id, driver: 'nobody' })];
    context.project.onVerb = (verb) => {
      if (verb === 'observe') {
        context.project.set(
          sweepOf({ id, state: 'failed', driver: 'nobody', counts: countsOf({ failed: 1 }) }),
        );
      }
    };
    await rerunTasks(context, 'last', { failed: true, detach: true });
    assert.deepEqual(
      context.project.calls.map(([verb]) => verb),
      ['observe', 'rerun', 'settle'],
    );
  });

  function withTasks(states: readonly TaskState[]): FakeContext {
    const context = fakeContext();
    const count = (state: TaskState): number => states.filter((each) => each === state).length;
    const counts = countsOf(Object.fromEntries(states.map((state) => [state, count(state)])));
    context.project.list = [sweepOf({ id, counts })];
    context.project.taskList = states.map((state, index) => taskOf({ number: index + 1, state }));
    return context;
  }
});
