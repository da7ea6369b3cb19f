import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import {
  HANG,
  killAll,
  killIfThere,
  shellTask,
  shortTasks,
  useRigs,
  type RunnerRig,
} from '../../support/runnerRig';
import { waitUntil } from '../../support/waitUntil';

const signal = new AbortController().signal;

/** Programs that are hard to end. Each says `ready` when it is as hard as it gets. */
const STUBBORN: Readonly<Record<string, string>> = {
  'ends when asked': 'echo ready; exec sleep 600',
  'ignores SIGTERM': 'trap "" TERM; echo ready; while :; do sleep 1; done',
  'has children that ignore SIGTERM': '(trap "" TERM; echo ready; while :; do sleep 1; done) & wait',
  'left a child behind that made a session of its own':
    'setsid sh -c \'trap "" TERM; echo ready; while :; do sleep 1; done\' & wait',
  'left a child behind that forgot its environment':
    'env -i "$(command -v sh)" -c \'trap "" TERM; echo ready; while :; do /bin/sleep 1; done\' & wait',
  'answers SIGTERM with success': 'trap "exit 0" TERM; echo ready; while :; do sleep 0.1; done',
};

describe('the runner, when attempts are cancelled', function () {
  this.timeout(60_000);
  const openRig = useRigs();

  for (const [what, line] of Object.entries(STUBBORN)) {
    it(`ends a program in a wrapper of its own that ${what}`, async () => {
      const rig = openRig({ slots: 1 });
      await rig.submit(shellTask(1, line), shellTask(2, 'true'));
      await checkCancel(rig, 1);
      await rig.untilEnded(2);
    });

    it(`ends a program in a lane that ${what}`, async () => {
      const rig = openRig({ slots: 1 });
      await rig.submit(...shortTasks(1), shellTask(5, line), shellTask(6, 'true'));
      await rig.until('started', 5);
      // For a moment there are two: a copy of the lane becomes the program.
      await waitUntil('the only lane is at the task', () => rig.processesOf('lane').length === 1);
      await checkCancel(rig, 5);
      await rig.untilEnded(6);
      for (const task of [1, 2, 3, 4, 6]) assert.equal((await rig.until('ended', task)).exitCode, 0);
    });
  }

  it('leaves the tasks of other slots alone', async () => {
    const rig = openRig();
    await rig.submit(shellTask(1, HANG), shellTask(2, HANG));
    await rig.until('started', 2);
    await cancel(rig, 1);
    await rig.untilEnded(1);
    assert.deepEqual(await rig.kinds(2, true), ['started']);
  });

  it('ends an attempt once, however often it is cancelled', async () => {
    const rig = openRig();
    await rig.submit(shellTask(1, STUBBORN['ignores SIGTERM'] ?? ''));
    await untilReady(rig, 1);
    await Promise.all([1, 2, 3].map(() => cancel(rig, 1)));
    await rig.untilEnded(1);
    await waitUntil('the killers have ended', () => rig.processesOf('kill').length === 0);
    assert.deepEqual(await rig.kinds(1, true), ['started', 'ended']);
  });

  it('records the end of a task whose wrapper was killed before', async () => {
    const rig = openRig();
    await rig.submit(shellTask(1, HANG));
    killIfThere(await rig.untilRuns(1));
    await waitUntil('only the task is left', () => rig.taskProcesses(1).length === 1);
    await cancel(rig, 1);
    assert.equal((await rig.until('ended', 1)).endedBy, 'cancel');
    assert.deepEqual(rig.taskProcesses(1), []);
  });

  it('records the end of a task whose wrapper does not answer', async () => {
    const rig = openRig();
    await rig.submit(shellTask(1, HANG));
    const { pid } = await rig.until('started', 1);
    killIfThere(pid, 'SIGSTOP');
    await cancel(rig, 1);
    assert.equal((await rig.until('ended', 1)).endedBy, 'cancel');
    assert.deepEqual(rig.taskProcesses(1), []);
  });

  it('does not start an attempt that is cancelled between its claim and its start', async () => {
    const rig = openRig({ slots: 1 });
    // The mark is what a cancel writes first; the attempt is claimed after it, as far as the runner can tell.
    await rig.submit(shellTask(1, 'echo ran'));
    await rig.untilEnded(1);
    writeFileSync(`${rig.runDir}/cancel/2.1`, 'cancel\n');
    await rig.submit(shellTask(2, 'echo ran'));
    const end = await rig.until('ended', 2);
    assert.equal(end.endedBy, 'cancel');
    assert.equal(rig.read(2, 'stdout.log'), '');
  });

  it('cancels thousands of waiting tasks at once', async () => {
    const rig = openRig({ slots: 1 });
    const waiting = Array.from({ length: 3000 }, (_, index) => shellTask(index + 2, 'true'));
    await rig.submit(shellTask(1, HANG), ...waiting);
    await rig.until('started', 1);
    await rig.source.cancel([1, ...waiting.map(({ task }) => task)].map(toAttempt), signal);
    await rig.untilEnded(1);
    const released = (await rig.records()).filter(({ kind }) => kind === 'released');
    assert.equal(new Set(released.map(({ task }) => task)).size, 3000);
    assert.equal(released.length, 3000);
    await waitUntil('nothing is left to do', async () => {
      const status = await rig.source.status(undefined, true, signal);
      return status.runner === 'idle';
    });
  });

  it('lets a runner that was told to end by the system finish its records and take nothing more', async () => {
    const rig = openRig({ slots: 1, tickSec: 600 });
    await rig.submit(
      ...shortTasks(1),
      shellTask(5, 'trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done'),
      shellTask(6, 'true'),
    );
    await untilReady(rig, 5);
    killAll(rig.processesOf('main'), 'SIGTERM');
    killAll(rig.processesOf('lane'), 'SIGTERM');
    killAll(rig.taskProcesses(5), 'SIGTERM');
    const end = await rig.until('ended', 5);
    assert.deepEqual([end.exitCode, end.endedBy], [7, undefined]);
    await waitUntil('the lane has ended', () => rig.processesOf('lane').length === 0);
    assert.deepEqual(await rig.kinds(6, true), []);
  });
});

/** Cancels a task that is ready, and checks that it is recorded and nothing of it is left. */
async function checkCancel(rig: RunnerRig, task: number): Promise<void> {
  await untilReady(rig, task);
  await cancel(rig, task);
  const end = await rig.until('ended', task);
  assert.equal(end.endedBy, 'cancel');
  await waitUntil('no process of the task is left', () => rig.programs().length === 0);
  assert.deepEqual(await rig.kinds(task, true), ['started', 'ended']);
}

async function untilReady(rig: RunnerRig, task: number): Promise<void> {
  await rig.until('started', task);
  await waitUntil('the program is ready', () => rig.read(task, 'stdout.log').includes('ready'));
}

function cancel(rig: RunnerRig, task: number): Promise<void> {
  return rig.source.cancel([toAttempt(task)], signal);
}

function toAttempt(task: number): { task: number; attempt: number } {
  return { task, attempt: 1 };
}
