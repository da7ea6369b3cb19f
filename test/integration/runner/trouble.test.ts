import { strict as assert } from 'node:assert';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { HANG, killAll, shellTask, shortTasks, useRigs } from '../../support/runnerRig';
import { waitUntil } from '../../support/waitUntil';

const signal = new AbortController().signal;

describe('the runner, in trouble', function () {
  this.timeout(60_000);
  const openRig = useRigs();

  it('writes whole records after one that a crash has torn', async () => {
    const rig = openRig();
    await rig.setup();
    appendFileSync(join(rig.runDir, 'events'), '|S 7 1 1 i 47');
    await rig.submit(...shortTasks(1, 6));
    await rig.untilEnded(1, 2, 3, 4, 5, 6);
    const status = await rig.source.status(undefined, false, signal);
    assert.equal(status.records.length, 12);
    assert.match(status.trouble ?? '', /1 unreadable/);
  });

  it('leaves a record that is being written for the next look', async () => {
    const rig = openRig();
    await rig.setup();
    const events = join(rig.runDir, 'events');
    appendFileSync(events, '|E 1 1 0 1795331243');
    const first = await rig.source.status(undefined, false, signal);
    assert.deepEqual(first.records, []);
    appendFileSync(events, '120 - .\n');
    const second = await rig.source.status(first.cursor, false, signal);
    assert.deepEqual(second.records, [
      { kind: 'ended', task: 1, attempt: 1, exitCode: 0, atMs: 1795331243120 },
    ]);
    assert.equal(second.trouble, undefined);
  });

  it('reads the log anew when it is shorter than before, and says so', async () => {
    const rig = openRig();
    await rig.submit(...shortTasks(1, 2));
    await rig.untilEnded(1, 2);
    const { cursor } = await rig.source.status(undefined, false, signal);
    const events = join(rig.runDir, 'events');
    truncateSync(events, 0);
    appendFileSync(events, '|E 1 1 0 17 - .\n');
    const status = await rig.source.status(cursor, false, signal);
    assert.equal(status.records.length, 1);
    assert.match(status.trouble ?? '', /shorter/);
  });

  it('starts no task whose claim it cannot write, says so, and goes on when it can', async () => {
    const rig = openRig({ slots: 1 });
    await rig.setup();
    // A directory that is a file refuses even the system's administrator.
    const claims = join(rig.runDir, 'claim');
    rmSync(claims, { recursive: true });
    writeFileSync(claims, '');
    await rig.submit(shellTask(1, 'true'));
    await waitUntil('the trouble is told', async () => {
      const { trouble } = await rig.source.status(undefined, false, signal);
      return trouble?.includes('cannot be claimed');
    });
    assert.deepEqual(await rig.records(), []);
    rmSync(claims);
    mkdirSync(claims);
    await rig.untilEnded(1);
    assert.deepEqual(await rig.kinds(1), ['started', 'ended']);
  });

  it('starts no task whose output it cannot write, and gives it back', async () => {
    const rig = openRig({ slots: 1 });
    await rig.setup();
    mkdirSync(rig.file(1, 'stdout.log'), { recursive: true });
    await rig.submit(shellTask(1, 'touch ran'), shellTask(2, 'true'));
    await rig.until('released', 1);
    await rig.untilEnded(2);
    assert.ok(!existsSync(join(rig.projectDir, 'ran')));
  });

  it('makes the directories of tasks that somebody removed while they waited', async () => {
    const rig = openRig({ slots: 1 });
    await rig.submit(shellTask(1, 'until [ -e go ]; do sleep 0.05; done'), shellTask(2, 'true'));
    await rig.until('started', 1);
    rmSync(rig.file(2), { recursive: true });
    rig.letGo();
    await rig.untilEnded(2);
  });

  it('ends by itself when its directory is removed', async () => {
    const rig = openRig();
    await rig.submit(shellTask(1, HANG));
    await rig.until('started', 1);
    renameSync(rig.runDir, `${rig.runDir}.removed`);
    await waitUntil('the main process has ended', () => rig.processesOf('main').length === 0);
    renameSync(`${rig.runDir}.removed`, rig.runDir);
    await rig.source.cancel([{ task: 1, attempt: 1 }], signal);
    await rig.untilEnded(1);
  });

  it('refuses a project directory that cannot be entered', async () => {
    const rig = openRig({}, { projectDir: '/no/such/project' });
    await assert.rejects(rig.setup(), {
      name: 'HsmError',
      code: 'source.unavailable',
      message: /cannot run tasks on this machine.*\/no\/such\/project/,
    });
  });

  it('refuses what no program can be given', async () => {
    const rig = openRig();
    await assert.rejects(rig.submit(shellTask(1, 'a\0b')), { code: 'input.invalid' });
    await assert.rejects(rig.submit(shellTask(1, 'true', { env: { 'NOT A NAME': '1' } })), {
      code: 'input.invalid',
    });
    await assert.rejects(rig.submit(shellTask(1, 'true', { name: '../outside' })), { code: 'input.invalid' });
  });

  it('is not misled by main processes and lanes that were killed and left their locks', async () => {
    const rig = openRig();
    for (let task = 1; task <= 5; task += 1) {
      await rig.submit(shellTask(task, HANG));
      await waitUntil('there is a main process', () => rig.processesOf('main').length === 1);
      killAll([...rig.processesOf('main'), ...rig.processesOf('lane')]);
      // One that is killed and still there is taken for at work.
      await waitUntil('the main process is gone', () => rig.processesOf('main').length === 0);
    }
    // Of the tasks before, any number runs: a lane that was killed between claim and start took its task with it.
    await rig.submit(shellTask(6, HANG), shellTask(7, HANG));
    await waitUntil('both slots are used', async () => {
      const running = (await rig.records()).filter(({ kind }) => kind === 'started');
      return new Set(running.map((record) => record.kind === 'started' && record.slot)).size === 2;
    });
    await waitUntil('there are two lanes', () => rig.processesOf('lane').length === 2);
    assert.equal(rig.processesOf('main').length, 1);
  });
});
