import { strict as assert } from 'node:assert';
import { HANG, killIfThere, shellTask, shortTasks, useRigs } from '../../support/runnerRig';
import { waitUntil } from '../../support/waitUntil';

describe('the runner, with a time limit', function () {
  this.timeout(60_000);
  const openRig = useRigs();

  it('ends a task that takes too long, and goes on with the next', async () => {
    const rig = openRig({ slots: 1 }, { timeoutSec: 1 });
    await rig.submit(shellTask(1, `echo begun; ${HANG}`), shellTask(2, 'true'));
    const end = await rig.until('ended', 1);
    assert.deepEqual([end.endedBy, end.exitCode], ['timeout', 143]);
    assert.equal(rig.read(1, 'stdout.log'), 'begun\n');
    const { atMs } = await rig.until('started', 1);
    assert.ok(end.atMs - atMs >= 900, `ended after ${end.atMs - atMs} ms`);
    await rig.untilEnded(2);
  });

  it('ends a task that ignores SIGTERM, with its children', async () => {
    const rig = openRig({}, { timeoutSec: 1 });
    await rig.submit(
      shellTask(1, 'trap "" TERM; sh -c "while :; do sleep 1; done" & while :; do sleep 1; done'),
    );
    const end = await rig.until('ended', 1);
    assert.deepEqual([end.endedBy, end.exitCode], ['timeout', 137]);
    await waitUntil('no process of the task is left', () => rig.programs().length === 0);
  });

  it('keeps a limit of its own for a task that has one, and that of the sweep for its neighbours', async () => {
    const rig = openRig({ slots: 1 }, { timeoutSec: 1 });
    await rig.submit(
      { ...shellTask(1, 'sleep 2'), timeoutSec: null },
      { ...shellTask(2, 'sleep 2'), timeoutSec: 600 },
      shellTask(3, HANG),
    );
    await rig.submit(shellTask(4, HANG));
    const ends = await Promise.all([1, 2, 3, 4].map((task) => rig.until('ended', task)));
    assert.deepEqual(
      ends.map(({ endedBy }) => endedBy),
      [undefined, undefined, 'timeout', 'timeout'],
    );
    await waitUntil('the watchdogs have ended', () => rig.processesOf('watch').length === 0);
  });

  it('keeps the limit of a task where the sweep has none', async () => {
    const rig = openRig({ slots: 1 });
    await rig.submit({ ...shellTask(1, HANG), timeoutSec: 1 }, shellTask(2, 'sleep 2'));
    assert.equal((await rig.until('ended', 1)).endedBy, 'timeout');
    assert.equal((await rig.until('ended', 2)).endedBy, undefined);
  });

  it('leaves tasks alone that end in time, and no watchdog behind', async () => {
    const rig = openRig({ slots: 1 }, { timeoutSec: 600 });
    await rig.submit(...shortTasks(1, 6));
    await rig.untilEnded(1, 2, 3, 4, 5, 6);
    for (const task of [1, 6]) assert.deepEqual((await rig.until('ended', task)).endedBy, undefined);
    await waitUntil('the watchdogs have ended', () => rig.processesOf('watch').length === 0);
  });

  it('keeps the limit when everything of the runner but the watchdog was killed', async () => {
    const rig = openRig({}, { timeoutSec: 2 });
    await rig.submit(shellTask(1, HANG));
    const { pid } = await rig.until('started', 1);
    for (const { pid: other } of [...rig.processesOf('main'), ...rig.processesOf('lane')]) killIfThere(other);
    killIfThere(pid);
    assert.equal((await rig.until('ended', 1)).endedBy, 'timeout');
    assert.deepEqual(rig.programs(), []);
  });
});
