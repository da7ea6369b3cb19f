import assert from 'node:assert/strict';
import {
  cancelSweep,
  pauseSweep,
  resumeSweep,
  setSweepSlots,
  stopSweep,
} from '../../../../src/cli/commands/verbs';
import { HsmError } from '../../../../src/core/base/errors';
import { EXIT } from '../../../../src/cli/exitCode';
import { fakeContext, type FakeContext } from '../support/fakeProject';
import { countsOf, sweepOf, taskOf } from '../support/summaries';

const id = 'sweep_20260101_120000';

describe('a verb on a sweep', () => {
  it('pause says what goes on and how to resume', async () => {
    const context = running();
    assert.equal(await pauseSweep(context, 'last'), EXIT.ok);
    assert.deepEqual(context.project.calls, [
      ['pause', id],
      ['settle', id],
    ]);
    assert.match(
      context.err.text,
      /starts no new tasks\. What runs now \(2 tasks\) goes on\.\nGo on with: hsm resume last/,
    );
  });

  it('resume is refused for a sweep that is being stopped', async () => {
    const context = running();
    context.project.list = [sweepOf({ id, state: 'stopping' })];
    assert.equal(await resumeSweep(context, 'last'), EXIT.badInput);
    assert.deepEqual(context.project.calls, []);
  });

  it('stop waits until nothing is left to start, and counts what was dropped', async () => {
    const context = running();
    const done = stopSweep(context, 'last');
    await context.clock.advance(500);
    context.project.set(sweepOf({ id, state: 'stopping', counts: countsOf({ running: 2, cancelled: 5 }) }));
    await context.clock.advance(500);
    assert.equal(await done, EXIT.ok);
    assert.match(
      context.err.text,
      /is stopping: 5 tasks dropped, what runs now \(2 tasks\) comes to its end/,
    );
  });

  it('cancel says what it kills and drops, and waits until all have ended', async () => {
    const context = running();
    const done = cancelSweep(context, 'last', {});
    await context.clock.advance(1_000);
    assert.match(context.err.text, /ending what runs \(2 tasks\), dropping what has not started \(5\)/);
    context.project.set(sweepOf({ id, state: 'cancelled', counts: countsOf({ cancelled: 7 }) }));
    assert.equal(await done, EXIT.ok);
    assert.deepEqual(context.project.calls, [
      ['cancel', id],
      ['settle', id],
    ]);
  });

  it('cancel of some tasks waits for those alone', async () => {
    const context = running();
    context.project.taskList = [
      taskOf({ number: 1, state: 'running' }),
      taskOf({ number: 2, state: 'running' }),
    ];
    const done = cancelSweep(context, 'last', { tasks: '2' });
    await context.clock.advance(300);
    assert.deepEqual(context.project.calls, [
      ['cancel', id, [2]],
      ['settle', id],
    ]);
    const tasks = [taskOf({ number: 1, state: 'running' }), taskOf({ number: 2, state: 'cancelled' })];
    context.project.set(sweepOf({ id, counts: countsOf({ running: 1, cancelled: 1 }) }), tasks);
    await context.clock.advance(300);
    assert.equal(await done, EXIT.ok);
  });

  it('cancel can be left before all have ended', async () => {
    const context = running();
    const done = cancelSweep(context, 'last', {});
    context.interrupt();
    assert.equal(await done, EXIT.interrupted);
    assert.match(context.err.text, /Not all have ended yet/);
  });

  for (const [verb, run] of Object.entries({
    pause: pauseSweep,
    stop: stopSweep,
    cancel: (context: FakeContext, sweep: string) => cancelSweep(context, sweep, {}),
    slots: (context: FakeContext, sweep: string) => setSweepSlots(context, sweep, 'far', 2),
  })) {
    it(`${verb} of a sweep whose host is away does not wait for it, and says who carries it out`, async () => {
      const context = running();
      const away = new HsmError('host.unreachable', 'box is not reachable.', { host: 'box' });
      context.project.settle = () => Promise.reject(away);
      assert.equal(await run(context, 'last'), EXIT.sourceTrouble);
      assert.match(context.err.text, /box is not reachable\.\nWhat you asked of .* hsm attach last/);
    });
  }

  it('slots says what holds from now on', async () => {
    const context = running();
    assert.equal(await setSweepSlots(context, 'last', 'local', 4), EXIT.ok);
    assert.deepEqual(context.project.calls, [
      ['setSlots', id, 'local', 4],
      ['settle', id],
    ]);
  });

  for (const [verb, run] of Object.entries({
    pause: pauseSweep,
    resume: resumeSweep,
    stop: stopSweep,
    cancel: (context: FakeContext, sweep: string) => cancelSweep(context, sweep, {}),
  })) {
    it(`${verb} changes nothing of a sweep that is over`, async () => {
      const context = fakeContext();
      context.project.list = [sweepOf({ id, state: 'succeeded', counts: countsOf({ succeeded: 3 }) })];
      assert.equal(await run(context, 'last'), EXIT.ok);
      assert.deepEqual(context.project.calls, []);
      assert.match(context.err.text, /is over already: 3 succeeded/);
    });
  }

  function running(): FakeContext {
    const context = fakeContext();
    context.project.list = [sweepOf({ id, counts: countsOf({ running: 2, queued: 4, waiting: 1 }) })];
    return context;
  }
});
