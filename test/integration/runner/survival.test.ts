import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  HANG,
  killAll,
  killIfThere,
  shellTask,
  shortTasks,
  useRigs,
  WAIT,
  type RunnerRig,
} from '../../support/runnerRig';
import { makeTempDir } from '../../support/tempDir';
import { waitUntil } from '../../support/waitUntil';

const signal = new AbortController().signal;

describe('the runner, when processes die', function () {
  this.timeout(60_000);
  const openRig = useRigs();

  it('goes on when the process that started it is killed, with its whole group', async () => {
    const rig = openRig();
    const tasks = [1, 2, 3].map((task) => shellTask(task, WAIT));
    const caller = spawnCaller(rig, { context: rig.context, tasks });
    await once(caller.stdout, 'data');
    await rig.setup();
    await rig.until('started', 2);
    killIfThere(-(caller.pid ?? 0));
    await once(caller, 'exit');
    rig.letGo();
    await rig.untilEnded(1, 2, 3);
  });

  it('holds nothing of its caller: no terminal, no input, no open file', async () => {
    const rig = openRig();
    await rig.submit(shellTask(1, 'ls -l /proc/$$/fd; echo "terminal $(ps -o tty= -p $$)"'));
    await rig.untilEnded(1);
    const output = rig.read(1, 'stdout.log');
    // Node passes on what it was given above 15 with a gap before it; dash cannot close numbers of two digits.
    const files = [...output.matchAll(/ (\d) -> (.*)/g)].map((match) => match.slice(1, 3));
    assert.deepEqual(files, [
      ['0', '/dev/null'],
      ['1', rig.file(1, 'stdout.log')],
      ['2', rig.file(1, 'stderr.log')],
    ]);
    assert.match(output, /terminal \?/);
  });

  it('lets programs have every signal that they count on', async () => {
    const rig = openRig({ slots: 1 });
    const look = shellTask(1, 'grep -E "SigIgn|SigBlk" /proc/self/status');
    await rig.submit(look, ...shortTasks(2), { ...look, task: 9, name: 'task_0009' });
    await rig.untilEnded(1, 9);
    // The first ran in a wrapper of its own, the last in the lane.
    for (const task of [1, 9]) assert.match(rig.read(task, 'stdout.log'), /SigBlk:\s0+\nSigIgn:\s0+\n/);
  });

  it('goes on with its lanes when the main process is killed, and gets another at the next start', async () => {
    const rig = openRig();
    await rig.submit(shellTask(1, HANG), shellTask(2, HANG), shellTask(3, 'true'));
    await rig.until('started', 2);
    killAll(rig.processesOf('main'));
    await rig.source.cancel([{ task: 1, attempt: 1 }], signal);
    await rig.untilEnded(1, 3);
    await rig.submit(shellTask(4, 'true'));
    await rig.untilEnded(4);
    assert.deepEqual(await rig.kinds(2), ['started']);
  });

  it('records a task whose lane was killed, and gives the slot to another task only when it has ended', async () => {
    const rig = openRig({ slots: 1 });
    await rig.submit(shellTask(1, `${WAIT}; exit 5`), shellTask(2, 'true'));
    await rig.until('started', 1);
    const killed = rig.processesOf('lane');
    killAll(killed);
    await waitUntil('there is another lane', () => {
      const lanes = rig.processesOf('lane');
      return lanes.length === 1 && lanes[0]?.pid !== killed[0]?.pid;
    });
    assert.deepEqual(await rig.kinds(2, true), []);
    rig.letGo();
    await rig.untilEnded(1, 2);
    assert.equal((await rig.until('ended', 1)).exitCode, 5);
    assert.deepEqual(await rig.kinds(1, true), ['started', 'ended']);
  });

  it('gives a slot to nobody while those who look for its users are killed, too', async () => {
    const fake = makeTempDir('hsm-fake-');
    const [blind, looks] = [join(fake.path, 'blind'), join(fake.path, 'looks')];
    const cat = `#!/bin/sh\nif [ -e ${blind} ]; then echo look >>${looks}; kill -9 $$; fi\nexec /bin/cat "$@"\n`;
    writeFileSync(join(fake.path, 'cat'), cat, { mode: 0o755 });
    const path = process.env['PATH'] ?? '';
    process.env['PATH'] = `${fake.path}:${path}`;
    try {
      const rig = openRig({ slots: 1 });
      await rig.submit(shellTask(1, WAIT), shellTask(2, 'true'));
      await rig.until('started', 1);
      writeFileSync(blind, '');
      killAll([...rig.processesOf('lane'), ...rig.wrappers()]);
      await waitUntil(
        'it has been looked for several times',
        () => existsSync(looks) && readFileSync(looks, 'utf8').split('\n').length > 4,
      );
      rmSync(blind);
      assert.deepEqual(await rig.kinds(2, true), []);
      rig.letGo();
      await rig.untilEnded(2);
      assert.deepEqual(await rig.kinds(1, true), ['started', 'lost']);
    } finally {
      process.env['PATH'] = path;
      fake.dispose();
    }
  });

  it('calls a task lost whose wrapper was killed, but not before the task itself is gone', async () => {
    const rig = openRig({ slots: 1 });
    await rig.submit(shellTask(1, HANG), shellTask(2, 'true'));
    killIfThere(await rig.untilRuns(1));
    await waitUntil('only the task is left', () => rig.taskProcesses(1).length === 1);
    assert.deepEqual(await rig.kinds(1, true), ['started']);
    assert.deepEqual(await rig.kinds(2), []);
    killAll(rig.taskProcesses(1));
    assert.match((await rig.until('lost', 1)).evidence, /^process \d+ is gone and left no end record$/);
    assert.deepEqual(await rig.kinds(1, true), ['started', 'lost']);
    await rig.untilEnded(2);
  });

  it('calls a task in a lane lost when the lane was killed and the task has ended', async () => {
    const rig = openRig({ slots: 1 });
    await rig.submit(...shortTasks(1), shellTask(5, WAIT), shellTask(6, 'true'));
    const { pid } = await rig.until('started', 5);
    assert.deepEqual(
      rig.processesOf('lane').map((lane) => lane.pid),
      [pid],
    );
    killIfThere(pid);
    await waitUntil('there is another lane', () => rig.processesOf('lane').some((lane) => lane.pid !== pid));
    assert.deepEqual(await rig.kinds(5, true), ['started']);
    assert.deepEqual(await rig.kinds(6), []);
    rig.letGo();
    await rig.until('lost', 5);
    await rig.untilEnded(6);
  });

  it('gives back an attempt that was claimed by a lane that died before the start', async () => {
    const rig = openRig();
    await rig.setup();
    // What a lane leaves that is killed right after its claim.
    writeFileSync(join(rig.runDir, 'claim', '1.1'), '');
    await rig.submit(shellTask(1, 'true'), shellTask(2, 'true'));
    await rig.untilEnded(2);
    await rig.until('released', 1);
    assert.deepEqual(await rig.kinds(1, true), ['released']);
  });

  it('starts no second main process or lane when it is started from many sides', async () => {
    const rig = openRig();
    const sources = Array.from({ length: 6 }, () => rig.open());
    await Promise.all(sources.map((source) => source.setup(rig.context, signal)));
    await rig.setup();
    const tasks = [1, 2, 3].map((task) => shellTask(task, HANG));
    await Promise.all(sources.map((source) => source.submit('same', tasks, signal)));
    await Promise.all(sources.map((source) => source.control({ slots: 2, paused: false }, signal)));
    await rig.until('started', 2);
    await waitUntil('the late ones have given up', () => rig.processesOf('main').length === 1);
    await waitUntil('there are two lanes', () => rig.processesOf('lane').length === 2);
    const started = (await rig.records(true)).map(({ task }) => task);
    assert.deepEqual(started.sort(), [1, 2]);
    await Promise.all(sources.map((source) => source.cleanup()));
  });

  it('leaves no process when there is nothing left to do', async () => {
    const rig = openRig();
    await rig.submit(...shortTasks(1));
    await rig.untilEnded(1, 2, 3, 4);
    await waitUntil(
      'the runner has ended',
      () => rig.processesOf('main').length + rig.processesOf('lane').length === 0,
    );
  });

  it('takes work that comes just as it ends', async () => {
    const rig = openRig();
    for (let task = 1; task <= 30; task += 1) {
      await rig.submit(shellTask(task, 'true'));
      await rig.until('ended', task);
    }
    assert.equal((await rig.records(true)).length, 60);
  });

  it('takes processes of an earlier boot for gone', async () => {
    const rig = openRig();
    await rig.submit(shellTask(1, HANG));
    await rig.until('started', 1);
    // What the log says after the machine was restarted.
    const events = join(rig.runDir, 'events');
    writeFileSync(events, readFileSync(events, 'utf8').replaceAll(/ [0-9a-f]+@/g, ' 00000000@'));
    assert.match((await rig.until('lost', 1)).evidence, /the machine was restarted/);
  });

  it('does not judge tasks of another machine', async () => {
    const rig = openRig();
    await rig.submit(shellTask(1, HANG));
    await rig.until('started', 1);
    const events = join(rig.runDir, 'events');
    writeFileSync(events, readFileSync(events, 'utf8').replaceAll(/@\S+/g, '@elsewhere'));
    const status = await rig.source.status(undefined, true, signal);
    assert.deepEqual(
      status.records.map(({ kind }) => kind),
      ['started'],
    );
    assert.equal(status.runner, 'running');
    assert.match(status.trouble ?? '', /another machine/);
  });

  it('tells a process from a later one with the same number', async () => {
    const rig = openRig();
    await rig.submit(shellTask(1, HANG));
    const { pid } = await rig.until('started', 1);
    const events = join(rig.runDir, 'events');
    // As if the wrapper had ended and its number been given to another process: only the start differs.
    const log = readFileSync(events, 'utf8');
    writeFileSync(events, log.replace(new RegExp(` ${pid} (\\d+) `), ` ${pid} 1 `));
    await rig.until('lost', 1);
  });
});

function spawnCaller(rig: RunnerRig, order: object): ReturnType<typeof spawnPiped> {
  return spawnPiped(
    [...process.execArgv, join(__dirname, 'submitAndWait.ts'), JSON.stringify(order)],
    rig.projectDir,
  );
}

function spawnPiped(args: readonly string[], home: string) {
  return spawn(process.execPath, args, {
    env: { ...process.env, HOME: home },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
