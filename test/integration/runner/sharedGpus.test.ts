import { strict as assert } from 'node:assert';
import { shellTask, useRigs, WAIT, type RunnerRig } from '../../support/runnerRig';
import { SharedSweep } from '../../support/sharedSweep';
import { waitUntil } from '../../support/waitUntil';

const signal = new AbortController().signal;

describe('GPUs that two sweeps of a source share', function () {
  this.timeout(60_000);
  const openRig = useRigs();

  it('go to one task at a time, and to the other sweep when the first has no more work', async () => {
    const rig = openRig();
    const [first, second] = [await open(rig, 'first', [[0]]), await open(rig, 'second', [[0], [1]])];
    await first.submit(shellTask(1, WAIT), shellTask(2, WAIT));
    await first.until('started', 1);
    await second.submit(shellTask(1, WAIT), shellTask(2, WAIT));
    // Its lane for GPU 1 runs; the one for GPU 0 waits.
    await second.untilCount('started', 1);
    await second.untilWaiting(1);
    assert.deepEqual(await slotsOf(second), [2]);
    rig.letGo();
    await first.untilCount('ended', 2);
    await second.untilCount('ended', 2);
  });

  it('come round although each sweep has more work', async () => {
    const rig = openRig();
    const [first, second] = [await open(rig, 'first', [[0]]), await open(rig, 'second', [[0]])];
    await first.submit(...first.ledgerTasks(40, 0.1));
    await first.until('started', 1);
    await second.submit(...second.ledgerTasks(3, 0.1));
    await second.untilCount('ended', 3);
    assert.ok((await first.records()).length < 80, 'it waited for the end of the other sweep');
    await first.untilCount('ended', 40);
  });

  it('are waited for in an order that never makes two tasks with several wait for each other', async () => {
    const rig = openRig();
    const [first, second] = [await open(rig, 'first', [[0, 1]]), await open(rig, 'second', [[1, 0]])];
    await Promise.all([
      first.submit(...first.ledgerTasks(25, 0.1)),
      second.submit(...second.ledgerTasks(25, 0.1)),
    ]);
    await Promise.all([first.untilCount('ended', 25), second.untilCount('ended', 25)]);
  });

  it('are not waited for by a sweep that is paused', async () => {
    const rig = openRig();
    const [first, second] = [await open(rig, 'first', [[0]]), await open(rig, 'second', [[0]])];
    await first.submit(shellTask(1, WAIT));
    await first.until('started', 1);
    await second.submit(shellTask(1, 'true'));
    await second.untilWaiting(1);
    await second.source.control({ slots: 1, paused: true }, signal);
    await waitUntil('nothing of it is at work', async () => (await second.status()).runner === 'stopped');
  });
});

function open(rig: RunnerRig, name: string, gpus: readonly (readonly number[])[]): Promise<SharedSweep> {
  return SharedSweep.open(rig, name, { slots: gpus.length, gpus });
}

/** The slots of what started. */
async function slotsOf(sweep: SharedSweep): Promise<number[]> {
  return (await sweep.records()).flatMap((record) => (record.kind === 'started' ? record.slot : []));
}
