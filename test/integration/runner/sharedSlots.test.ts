import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killAll, shellTask, useRigs, WAIT, type RunnerRig } from '../../support/runnerRig';
import { mostAtOnce, SharedSweep, slotFiles, slotsDir } from '../../support/sharedSweep';
import { shellsHere } from '../../support/shells';
import { waitUntil } from '../../support/waitUntil';

const signal = new AbortController().signal;

describe('slots that two sweeps of a source share', function () {
  this.timeout(60_000);
  const openRig = useRigs();

  for (const shell of shellsHere()) {
    it(`hold no more tasks at one time than there are, and come round (${shell.name})`, async () => {
      const rig = openRig();
      const options = { shell: shell.path(rig.projectDir) };
      const first = await SharedSweep.open(rig, 'first', options);
      const second = await SharedSweep.open(rig, 'second', options);
      await first.submit(...first.ledgerTasks(50, 0.1));
      await first.untilCount('started', 2);
      await second.submit(...second.ledgerTasks(6, 0.1));
      await Promise.all([first.untilCount('ended', 50), second.untilCount('ended', 6)]);
      const ledger = linesOf(rig);
      assert.ok(mostAtOnce(ledger) <= 2, `${mostAtOnce(ledger)} tasks ran at one time`);
      const later = ledger.slice(ledger.lastIndexOf('end second'));
      assert.ok(later.includes('begin first'), 'the second sweep had to wait for the end of the first');
      await waitUntil('both runners have ended', () => first.mains().length + second.mains().length === 0);
      assert.deepEqual(
        slotFiles(rig).filter((name) => name.includes('wait')),
        [],
      );
    });
  }

  it('are taken by a waiting sweep as soon as they are free, which it says before', async () => {
    const rig = openRig();
    const [first, second] = await openTwo(rig);
    await first.submit(shellTask(1, WAIT), shellTask(2, WAIT));
    await first.untilCount('started', 2);
    await second.submit(shellTask(1, 'true'), shellTask(2, 'true'));
    const { waiting, runner } = await second.untilWaiting(2);
    assert.deepEqual([waiting, runner], [{ slots: 2, sweeps: ['first'] }, 'running']);
    assert.deepEqual(await second.records(), []);
    rig.letGo();
    await second.untilCount('ended', 2);
    await waitUntil('nothing of it is at work', async () => (await second.status()).runner === 'idle');
    assert.equal((await second.status()).waiting, undefined);
  });

  it('are not held by a sweep with fewer tasks than slots', async () => {
    const rig = openRig();
    const [first, second] = await openTwo(rig);
    await first.submit(shellTask(1, WAIT));
    await first.until('started', 1);
    await second.submit(shellTask(1, 'true'), shellTask(2, 'true'), shellTask(3, 'true'));
    await second.untilCount('ended', 3);
    rig.letGo();
    await first.until('ended', 1);
  });

  it('stay with a task whose lane and runner were killed, until it ends', async () => {
    const rig = openRig();
    const [first, second] = await openTwo(rig, 1);
    await first.submit(shellTask(1, WAIT));
    await first.until('started', 1);
    killAll(rig.runners(first.runDir));
    await second.submit(shellTask(1, 'true'));
    await second.untilWaiting(1);
    assert.deepEqual(await second.records(), []);
    rig.letGo();
    const started = await second.until('started', 1);
    assert.ok(started.atMs >= (await first.until('ended', 1)).atMs);
  });

  it('are free again when the whole sweep that held them was killed', async () => {
    const rig = openRig();
    const [first, second] = await openTwo(rig, 1);
    await first.submit(shellTask(1, WAIT));
    await first.until('started', 1);
    await second.submit(shellTask(1, 'true'));
    await second.untilWaiting(1);
    killAll([...rig.runners(first.runDir), ...rig.programs()]);
    await second.until('ended', 1);
  });

  it('pass over a sweep that was killed while it was first in line', async () => {
    const rig = openRig();
    const [first, second] = await openTwo(rig, 1);
    const third = await SharedSweep.open(rig, 'third', { slots: 1 });
    await first.submit(shellTask(1, WAIT));
    await first.until('started', 1);
    await second.submit(shellTask(1, 'true'));
    await second.untilWaiting(1);
    await third.submit(shellTask(1, 'true'));
    await third.untilWaiting(1);
    killAll([...second.mains(), ...second.lanes()]);
    rig.letGo();
    await third.until('ended', 1);
    assert.deepEqual(await second.records(), []);
  });

  it('go to those who wait in the order in which they came', async () => {
    const rig = openRig();
    const first = await SharedSweep.open(rig, 'first', { slots: 1 });
    await first.submit(shellTask(1, WAIT));
    await first.until('started', 1);
    const names = ['b', 'c', 'd', 'e'];
    const others: SharedSweep[] = [];
    for (const name of names) {
      const sweep = await SharedSweep.open(rig, name, { slots: 1 });
      others.push(sweep);
      await sweep.submit(...sweep.ledgerTasks(1, 0));
      await sweep.untilWaiting(1);
    }
    rig.letGo();
    for (const sweep of others) await sweep.untilCount('ended', 1);
    const began = linesOf(rig).filter((line) => line.startsWith('begin'));
    assert.deepEqual(
      began,
      names.map((name) => `begin ${name}`),
    );
  });

  it('are given to a waiting sweep that gets more of them, and not to one that gets fewer', async () => {
    const rig = openRig();
    const [first, second] = await openTwo(rig);
    await first.submit(shellTask(1, WAIT), shellTask(2, WAIT));
    await first.untilCount('started', 2);
    await second.submit(shellTask(1, 'true'), shellTask(2, WAIT), shellTask(3, WAIT));
    await second.untilWaiting(2);
    await second.source.control({ slots: 3, paused: false }, signal);
    assert.equal((await second.until('started', 2)).slot, 3);
    await second.source.control({ slots: 1, paused: false }, signal);
    rig.letGo();
    assert.equal((await second.until('started', 3)).slot, 1);
    await second.until('ended', 3);
  });

  it('of different numbers are the first so many of the larger', async () => {
    const rig = openRig();
    const few = await SharedSweep.open(rig, 'few', { slots: 1 });
    const many = await SharedSweep.open(rig, 'many', { slots: 3 });
    await many.submit(...[1, 2, 3, 4].map((task) => shellTask(task, WAIT)));
    await many.untilCount('started', 3);
    await few.submit(shellTask(1, 'true'), shellTask(2, 'true'));
    await few.untilWaiting(1);
    rig.letGo();
    await Promise.all([few.untilCount('ended', 2), many.untilCount('ended', 4)]);
    const slots = (await few.records()).flatMap((record) => (record.kind === 'started' ? record.slot : []));
    assert.deepEqual(slots, [1, 1]);
  });

  it('are not waited for by a sweep that is paused, or has nothing left', async () => {
    const rig = openRig();
    const [first, second] = await openTwo(rig);
    await first.submit(shellTask(1, WAIT), shellTask(2, WAIT));
    await first.untilCount('started', 2);
    await second.submit(shellTask(1, 'true'), shellTask(2, 'true'));
    await second.untilWaiting(2);
    await second.source.control({ slots: 2, paused: true }, signal);
    await waitUntil('it has stopped', async () => (await second.status()).runner === 'stopped');
    await second.source.control({ slots: 2, paused: false }, signal);
    await second.untilWaiting(2);
    const both = [1, 2].map((task) => ({ task, attempt: 1 }));
    await second.source.cancel(both, signal);
    await waitUntil('it has nothing to do', async () => (await second.status()).runner === 'idle');
    assert.deepEqual(
      (await second.records()).map(({ kind }) => kind),
      ['released', 'released'],
    );
    assert.deepEqual((await first.records()).length, 2);
  });

  it('are waited for, and the user is told, while it cannot be seen who uses them', async () => {
    const rig = openRig();
    const sweep = await SharedSweep.open(rig, 'first', { slots: 1 });
    writeFileSync(slotsDir(rig), 'a file where the directory should be');
    await sweep.submit(shellTask(1, 'true'));
    await waitUntil('the trouble is told', async () => {
      const { trouble } = await sweep.status();
      return trouble?.includes(`${slotsDir(rig)}/`) === true && trouble.includes('cannot be created');
    });
    assert.deepEqual(await sweep.records(), []);
    rmSync(slotsDir(rig));
    await sweep.until('ended', 1);
  });

  it('are not shared by somebody whose home cannot be written', async () => {
    const rig = openRig();
    const home = join(rig.projectDir, 'home');
    writeFileSync(home, 'no directory');
    rig.with({ sharedDir: join(home, '.hsm', 'slots') });
    await rig.submit(shellTask(1, 'true'));
    await rig.untilEnded(1);
  });

  it('are not for the tasks of a sweep whose directory was removed while it waited', async () => {
    const rig = openRig();
    const [first, second] = await openTwo(rig, 1);
    await first.submit(shellTask(1, WAIT));
    await first.until('started', 1);
    await second.submit(shellTask(1, 'touch ran'));
    await second.untilWaiting(1);
    renameSync(second.runDir, `${second.runDir}.removed`);
    await waitUntil('its runner has ended', () => rig.runners(second.runDir).length === 0);
    rig.letGo();
    await first.until('ended', 1);
    assert.ok(!existsSync(join(rig.projectDir, 'ran')));
  });
});

function openTwo(rig: RunnerRig, slots = 2): Promise<[SharedSweep, SharedSweep]> {
  return Promise.all([SharedSweep.open(rig, 'first', { slots }), SharedSweep.open(rig, 'second', { slots })]);
}

function linesOf(rig: RunnerRig): string[] {
  return readFileSync(join(rig.projectDir, 'ledger'), 'utf8').trimEnd().split('\n');
}
