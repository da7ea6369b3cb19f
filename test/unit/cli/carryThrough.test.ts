import assert from 'node:assert/strict';
import { carryThrough } from '../../../src/cli/carryThrough';
import { EXIT, type ExitCode } from '../../../src/cli/exitCode';
import { HsmError } from '../../../src/core/base/errors';
import type { SweepState, TaskCounts } from '../../../src/core/engine/taskState';
import { fakeContext, type FakeContext } from './support/fakeProject';
import { countsOf, NOON, sweepOf } from './support/summaries';

const id = 'sweep_20260101_120000';

describe('a sweep that is carried through', () => {
  checkEnd('succeeded', { succeeded: 3 }, EXIT.ok);
  checkEnd('failed', { succeeded: 2, failed: 1 }, EXIT.tasksFailed);
  checkEnd('failed', { succeeded: 2, lost: 1 }, EXIT.tasksFailed);
  checkEnd('cancelled', { succeeded: 2, cancelled: 1 }, EXIT.tasksFailed);

  function checkEnd(state: SweepState, counts: Partial<TaskCounts>, code: ExitCode): void {
    it(`ends with ${code} when it is ${state} with ${JSON.stringify(counts)}`, async () => {
      const context = started();
      const end = carryThrough(context, id, {});
      await context.clock.advance(1_000);
      context.project.set(sweepOf({ id, state, counts: countsOf(counts), endedAtMs: NOON + 4_000 }));
      assert.equal(await end, code);
      assert.match(context.out.text, new RegExp(`^${id} ${state}: `));
    });
  }

  it('prints one JSON value and nothing else on standard output', async () => {
    const context = started();
    const end = carryThrough(context, id, { json: true });
    context.project.set(
      sweepOf({ id, state: 'succeeded', counts: countsOf({ succeeded: 1 }), endedAtMs: NOON }),
    );
    await end;
    assert.equal((JSON.parse(context.out.text) as { sweepId: string }).sweepId, id);
  });

  it('is left at Ctrl-C, with the word on how to come back and how to cancel', async () => {
    const context = started();
    const end = carryThrough(context, id, {});
    await context.clock.advance(1_000);
    context.interrupt();
    assert.equal(await end, EXIT.interrupted);
    assert.match(context.err.text, /goes on by itself: 1 running, 2 queued/);
    assert.match(context.err.text, /hsm attach last/);
    assert.match(context.err.text, /hsm cancel last/);
    assert.equal(context.out.text, '');
    assert.deepEqual(context.project.calls, [['settle', id]], 'what was decided reaches the sources first');
  });

  for (const failure of [
    new HsmError('source.unavailable', 'local: no answer.', { source: 'local' }),
    new HsmError('host.unreachable', 'local: no answer.', { host: 'local' }),
    new HsmError('host.refused', 'local: no answer.', { host: 'local' }),
  ]) {
    it(`tells what is not handed over when its source cannot be reached as the user leaves: ${failure.code}`, async () => {
      const context = started({ running: 1, waiting: 4 });
      context.project.onVerb = () => {
        throw failure;
      };
      context.interrupt();
      assert.equal(await carryThrough(context, id, {}), EXIT.interrupted);
      assert.match(context.err.text, /local: no answer/);
      assert.match(context.err.text, /4 tasks not handed over yet/);
    });
  }

  it('prints the counts so far as JSON when it is left', async () => {
    const context = started();
    context.interrupt();
    assert.equal(await carryThrough(context, id, { json: true }), EXIT.interrupted);
    assert.equal((JSON.parse(context.out.text) as { state: string }).state, 'running');
  });

  it('is handed over and left at once when detached', async () => {
    const context = started();
    assert.equal(await carryThrough(context, id, { detach: true }), EXIT.ok);
    assert.deepEqual(context.project.calls, [['settle', id]]);
    assert.match(context.out.text, /goes on by itself/);
  });

  it('does not take a source that cannot be reached for a success when detached', async () => {
    const context = started();
    context.project.onVerb = () => {
      throw new HsmError('source.unavailable', 'local: no answer.', { source: 'local' });
    };
    await assert.rejects(carryThrough(context, id, { detach: true }), /local: no answer/);
  });

  it('is given up after a while when nothing runs and a source says why, but not while something runs', async () => {
    const context = started({ queued: 3 });
    const notes = ['local: The setup line failed.'];
    context.project.set(sweepOf({ id, counts: countsOf({ running: 1, queued: 2 }), notes }));
    const end = carryThrough(context, id, {});
    await context.clock.advance(60_000);
    context.project.set(sweepOf({ id, counts: countsOf({ queued: 3 }), notes }));
    await context.clock.advance(15_000);
    assert.equal(context.err.text.includes('Nothing of'), false);
    await context.clock.advance(10_000);
    assert.equal(await end, EXIT.sourceTrouble);
    assert.match(context.err.text, /Nothing of \S+ runs: 3 queued\. local: The setup line failed\./);
    assert.match(context.err.text, /hsm cancel last/);
  });

  it('shows how results come home after its end, and is left then at Ctrl-C too', async () => {
    const context = started();
    context.project.home = new Promise(() => undefined);
    const end = carryThrough(context, id, {});
    const transfer = { source: 'gpubox', what: 'results', bytes: 2 ** 30, totalBytes: 3 * 2 ** 30 } as const;
    context.project.set(
      sweepOf({
        id,
        state: 'succeeded',
        counts: countsOf({ succeeded: 3 }),
        transfers: [{ ...transfer, bytesPerSecond: 45 * 2 ** 20 }],
      }),
    );
    await context.clock.advance(10_000);
    assert.match(context.err.text, /gpubox: bringing results home, 1\.0 GiB of 3\.0 GiB, 45 MiB\/s/);
    context.interrupt();
    assert.equal(await end, EXIT.interrupted);
    assert.match(context.err.text, /is over: 3 succeeded\. Not all of its results are here yet/);
    assert.match(context.err.text, /hsm collect last/);
    assert.deepEqual(context.project.calls, [], 'there is nothing to hand over');
  });

  it('is driven on from here when the process that drove it goes', async () => {
    const context = started();
    context.project.set(sweepOf({ id, driver: 'elsewhere' }));
    const end = carryThrough(context, id, {});
    await context.clock.advance(2_000);
    assert.deepEqual(context.project.calls, []);
    context.project.set(sweepOf({ id, driver: 'nobody' }));
    await context.clock.advance(1_000);
    assert.deepEqual(context.project.calls[0], ['drive', id]);
    context.project.set(sweepOf({ id, state: 'succeeded', counts: countsOf({ succeeded: 1 }) }));
    assert.equal(await end, EXIT.ok);
  });

  function started(counts: Partial<TaskCounts> = { running: 1, queued: 2 }): FakeContext {
    const context = fakeContext();
    context.project.list = [sweepOf({ id, counts: countsOf(counts) })];
    return context;
  }
});
