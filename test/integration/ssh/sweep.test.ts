import { strict as assert } from 'node:assert';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isSweepOver } from '../../../src/core/engine/taskState';
import type { SweepSummary } from '../../../src/core/facade';
import type { Project } from '../../../src/core/project/project';
import { findCommand } from '../../support/requirement';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';
import { SshProject } from './support/sshProject';

const signal = AbortSignal.timeout(600_000);

describe('A sweep on SSH hosts', function () {
  this.timeout(90_000);
  const rigs = useSshd();
  let project: SshProject | undefined;

  afterEach(async () => {
    await project?.close();
    project = undefined;
  });

  function make(hosts: readonly SshdRig[], sources: string, settings?: string): SshProject {
    project = new SshProject(rigs.client(...hosts), sources, settings);
    return project;
  }

  it('runs a copy of the code there, and brings everything home', async () => {
    const box = await rigs.start({ alias: 'box' });
    const rig = make([box], '  box: { type: ssh, host: box, slots: 2 }\n');
    rig.write('.gitignore', 'secret.txt\n');
    rig.write('secret.txt', 'x');
    const opened = await rig.open();
    const { id } = await opened.start(rig.sweep('{ code: [0, 3], n: [1] }'));
    const over = await opened.whenOver(id, signal);
    assert.deepEqual(countsOf(over), { succeeded: 1, failed: 1 });
    assert.deepEqual(over.notes, []);
    for (const task of [1, 2]) {
      const said = rig.read(id, task, 'stdout.log');
      assert.match(said, new RegExp(`task ${task} at ${box.home} in ${box.home}/.hsm/code/`));
      assert.match(said, new RegExp(`directory ${box.home}/.hsm/sweeps/.*/${id}/tasks/task_000${task}`));
      assert.equal(rig.read(id, task, 'metrics.json'), `{"score": ${task}}\n`);
    }
    assert.match(rig.read(id, 2, 'stderr.log'), /cause of 2/);
    const code = onlyFolder(join(box.home, '.hsm', 'code'));
    const copy = onlyFolder(code);
    assert.deepEqual(readdirSync(copy).sort(), ['.gitignore', 'sweep.yaml', 'task.sh']);
  });

  it('shares one sweep between two hosts and this machine, and lets the idle ones help', async () => {
    const slow = await rigs.start({ alias: 'slow' });
    const fast = await rigs.start({ alias: 'fast' });
    const rig = make(
      [slow, fast],
      `  slow: { type: ssh, host: slow, slots: 1, env: { HSM_PARAM_GATE: go } }
  fast: { type: ssh, host: fast, slots: 2 }
  local: { type: local, slots: 1 }
`,
    );
    const opened = await rig.open();
    const sources = ['slow', 'fast', 'local'];
    const { id } = await opened.start(rig.sweep('{ n: [1,2,3,4,5,6,7,8,9,10,11,12] }'), { sources });
    // The slow host holds the one that it began; what it has not begun is taken back and run elsewhere.
    await waitUntil(
      'the others have done what they can get',
      () => count(opened, id, 'succeeded') >= 10,
      60_000,
    );
    const held = opened.tasks(id).find(({ state }) => state === 'running');
    assert.equal(held?.source, 'slow');
    writeFileSync(join(slow.home, 'go'), '');
    const over = await opened.whenOver(id, signal);
    assert.equal(over.counts.succeeded, 12);
    const used = new Set(opened.tasks(id).map(({ source }) => source));
    assert.deepEqual([...used].sort(), ['fast', 'local', 'slow']);
    for (const { number } of opened.tasks(id)) {
      assert.equal(rig.read(id, number, 'metrics.json'), `{"score": ${number}}\n`);
      assert.equal(rig.read(id, number, 'attempts.jsonl').trim().split('\n').length, 1);
    }
  });

  it("brings a failed task's files home at once, and logs of running ones where they are asked for", async () => {
    const box = await rigs.start({ alias: 'box' });
    const rig = make([box], '  box: { type: ssh, host: box, slots: 2 }\n');
    const opened = await rig.open();
    const pairs = '{ paired: [ { both: { code: [3, 0], gate: ["", go] } } ] }';
    const { id } = await opened.start(rig.sweepOf(pairs));
    const summary = join(rig.dir, 'outputs', id, 'errors', 'task_0001.md');
    await waitUntil(
      'the summary tells the cause',
      () => existsSync(summary) && readFileSync(summary, 'utf8').includes('cause of 1'),
      30_000,
    );
    assert.equal(rig.read(id, 1, 'metrics.json'), '{"score": 1}\n');
    assert.equal(count(opened, id, 'running'), 1);
    const piece = await opened.readTaskLog(id, 2, 'stdout', { offset: 0, limit: 1000 }, signal);
    assert.match(piece.text, /task 2 at/);
    await opened.cancel(id);
    const over = await opened.whenOver(id, signal);
    assert.deepEqual(countsOf(over), { failed: 1, cancelled: 1 });
    assert.match(rig.read(id, 2, 'stdout.log'), /task 2 at/);
  });

  it('runs on a host without rsync, and on one whose login shell is csh and greets', async () => {
    const bare = await rigs.start({ alias: 'bare', shell: 'busybox' });
    const odd = await rigs.start({ alias: 'odd', shell: 'tcsh', rc: 'echo Welcome to odd' });
    const sources =
      '  bare: { type: ssh, host: bare, slots: 1 }\n  odd: { type: ssh, host: odd, slots: 1 }\n';
    const rig = make([bare, odd], sources);
    const opened = await rig.open();
    const { id } = await opened.start(rig.sweep('{ n: [1, 2, 3, 4] }'), { sources: ['bare', 'odd'] });
    const over = await opened.whenOver(id, signal);
    assert.deepEqual(countsOf(over), { succeeded: 4 });
    for (const task of [1, 2, 3, 4]) assert.equal(rig.read(id, task, 'metrics.json'), `{"score": ${task}}\n`);
    assert.deepEqual([...new Set(opened.tasks(id).map(({ source }) => source))].sort(), ['bare', 'odd']);
  });

  it('copies only what differs from the code before, and gives a sweep the code it began with', async () => {
    const box = await rigs.start({ alias: 'box' });
    const rig = make([box], '  box: { type: ssh, host: box, slots: 2 }\n');
    rig.write('data.txt', 'the same');
    const opened = await rig.open();
    const run = async (): Promise<string> => {
      const { id } = await opened.start(rig.sweep('{ n: [1] }'));
      await opened.whenOver(id, signal);
      return rig.read(id, 1, 'stdout.log').split(' in ')[1]?.split('\n')[0] ?? '';
    };
    const first = await run();
    assert.equal(await run(), first);
    rig.write('more.txt', 'new');
    const second = await run();
    assert.notEqual(second, first);
    assert.equal(statSync(join(second, 'data.txt')).ino, statSync(join(first, 'data.txt')).ino);
    assert.equal(statSync(join(second, 'data.txt')).mode & 0o222, 0);
  });

  it('runs the code of the launch everywhere, also on a host that gets it later', async () => {
    const early = await rigs.start({ alias: 'early' });
    const late = await rigs.start({ alias: 'late' });
    const rig = make(
      [early, late],
      '  early: { type: ssh, host: early, slots: 1 }\n  late: { type: ssh, host: late, slots: 1 }\n',
    );
    // The copy of the code cannot be made there until somebody removes this.
    mkdirSync(join(late.home, '.hsm'));
    writeFileSync(join(late.home, '.hsm', 'code'), '');
    const opened = await rig.open();
    const grid = '{ gate: [go], n: [1, 2] }';
    const { id } = await opened.start(rig.sweep(grid), { sources: ['early', 'late'] });
    await waitUntil('a task runs', () => count(opened, id, 'running') === 1, 30_000);
    rig.write('task.sh', '#!/bin/sh\nexit 7\n');
    rmSync(join(late.home, '.hsm', 'code'));
    await waitUntil('the other host works, too', () => count(opened, id, 'running') === 2, 60_000);
    for (const home of [early.home, late.home]) writeFileSync(join(home, 'go'), '');
    const over = await opened.whenOver(id, signal);
    assert.deepEqual(countsOf(over), { succeeded: 2 });
    assert.deepEqual([...new Set(opened.tasks(id).map(({ source }) => source))].sort(), ['early', 'late']);
  });

  it('leaves there what is not wanted, says so, and removes only what is all here', async () => {
    const box = await rigs.start({ alias: 'box' });
    const rig = make(
      [box],
      `  picky: { type: ssh, host: box, slots: 1, root: ~/picky, collect: { exclude: [metrics.json] } }
  whole: { type: ssh, host: box, slots: 1, root: ~/whole }
`,
    );
    const opened = await rig.open();
    const sweep = rig.sweep('{ n: [1, 2] }');
    const { id: part } = await opened.start(sweep, { sources: ['picky'] });
    await opened.whenOver(part, signal);
    assert.equal(existsSync(rig.path(part, 1, 'metrics.json')), false);
    const kept = await opened.cleanable('picky');
    assert.deepEqual(kept.remove, []);
    assert.match(
      kept.keep[0]?.reason ?? '',
      /task_000[12]\/metrics.json \(left out by `collect`: it is excluded\) and 1 more/,
    );

    const { id: all } = await opened.start(sweep, { sources: ['whole'] });
    await opened.whenOver(all, signal);
    const again = (await opened.collect(all)).get('whole');
    assert.deepEqual(again, { collected: [1, 2], failed: [], bytes: 0, errors: [] });
    writeFileSync(rig.path(all, 2, 'stdout.log'), 'changed here');
    const changed = await opened.cleanable('whole');
    assert.match(changed.keep[0]?.reason ?? '', /task_0002\/stdout.log/);
    copyFileSync(
      join(changed.keep[0]?.path ?? '', 'tasks/task_0002/stdout.log'),
      rig.path(all, 2, 'stdout.log'),
    );
    const plan = await opened.cleanable('whole');
    assert.deepEqual(plan.keep, []);
    assert.deepEqual(
      plan.remove.map(({ sweepId }) => sweepId),
      [all, ''],
    );
    assert.deepEqual(pathsOf((await opened.clean('whole', plan)).remove), pathsOf(plan.remove));
    assert.deepEqual(readdirSync(onlyFolder(join(box.home, 'whole', 'sweeps'))), []);
    assert.deepEqual(readdirSync(onlyFolder(join(box.home, 'whole', 'code'))), []);
    const gone = (await opened.collect(all)).get('whole');
    assert.deepEqual(gone?.collected, [1, 2]);
  });

  it('polls and cancels while files that take for ever are on their way, and can be left at its end', async () => {
    const hosts = await Promise.all(['one', 'two'].map((alias) => startHeldBack(alias)));
    const rig = make(
      hosts,
      '  one: { type: ssh, host: one, slots: 1 }\n  two: { type: ssh, host: two, slots: 1 }\n',
    );
    const opened = await rig.open();
    const pairs = '{ paired: [ { both: { n: [1, 2, 3, 4], code: [3, 0, 0, 0], gate: ["", go, go, go] } } ] }';
    const { id } = await opened.start(rig.sweepOf(pairs), { sources: ['one', 'two'] });
    await waitUntil('a task failed', () => count(opened, id, 'failed') > 0, 30_000);
    const [failed] = opened.tasks(id, { states: ['failed'] });
    await waitUntil('the next one runs there', () => runsOn(failed?.source), 30_000);
    await opened.cancel(id);
    await waitUntil('all is cancelled', () => isSweepOver(opened.sweep(id)?.state ?? 'running'), 30_000);
    await waitUntil('it tells what is on its way', () => opened.sweep(id)?.transfers !== undefined, 30_000);
    const left = new AbortController();
    const waiting = opened.whenOver(id, left.signal);
    left.abort(new Error('the user left'));
    await assert.rejects(waiting, /the user left/);
    for (const { home } of hosts) writeFileSync(join(home, 'let'), '');
    assert.deepEqual((await opened.whenOver(id, signal)).notes, []);
    assert.match(rig.read(id, 1, 'stderr.log'), /cause of 1/);

    function runsOn(source: string | undefined): boolean {
      return opened.tasks(id, { states: ['running'] }).some((task) => task.source === source);
    }

    /** A host from which nothing comes until it may; the code gets there. */
    async function startHeldBack(alias: string): Promise<SshdRig> {
      const rig = await rigs.start({ alias, shell: 'bash', rc: 'export PATH="$HOME/bin:$PATH"' });
      mkdirSync(join(rig.home, 'bin'));
      for (const tool of ['rsync', 'tar']) {
        const wait = `case "$*" in *--sender*|*-c*) while [ ! -e "$HOME/let" ]; do sleep 0.1; done ;; esac`;
        const script = `#!/bin/sh\n${wait}\nexec ${findCommand(tool) ?? tool} "$@"\n`;
        writeFileSync(join(rig.home, 'bin', tool), script, { mode: 0o755 });
      }
      return rig;
    }
  });

  it('keeps the files of attempts on different hosts apart, and lets each host be cleaned', async () => {
    const first = await rigs.start({ alias: 'first' });
    const second = await rigs.start({ alias: 'second' });
    const rig = make(
      [first, second],
      `  first: { type: ssh, host: first, slots: 1, env: { WHERE: first, HSM_PARAM_CODE: "1" } }
  second: { type: ssh, host: second, slots: 1, env: { WHERE: second } }
  local: { type: local, slots: 1, env: { WHERE: local } }
`,
    );
    const script = readFileSync(join(rig.dir, 'task.sh'), 'utf8');
    rig.write('task.sh', script.replace('echo "task', 'touch "$HSM_TASK_DIR/on_$WHERE"\necho "task'));
    const opened = await rig.open();
    const { id } = await opened.start(rig.sweep('{ n: [1] }'), { sources: ['first', 'second', 'local'] });
    assert.deepEqual(countsOf(await opened.whenOver(id, signal)), { failed: 1 });
    const here = () => readdirSync(join(rig.dir, 'outputs', id, 'tasks', 'task_0001')).filter(isMark);
    assert.deepEqual(here(), ['on_first']);
    const earlier = (attempt: number) =>
      readdirSync(join(rig.dir, 'outputs', id, 'earlier', `attempt${attempt}`, 'task_0001')).filter(isMark);

    await runAgainOn('second', ['first', 'local']);
    assert.deepEqual([here(), earlier(1)], [['on_second'], ['on_first']]);
    assert.match(rig.read(id, 1, 'stdout.log'), new RegExp(`^task 1 at ${second.home} `));
    await runAgainOn('local', ['second']);
    assert.deepEqual([here(), earlier(1), earlier(2)], [['on_local'], ['on_first'], ['on_second']]);
    for (const source of ['first', 'second']) {
      const plan = await opened.cleanable(source);
      assert.deepEqual(plan.keep, [], source);
      assert.deepEqual(pathsOf((await opened.clean(source, plan)).remove), pathsOf(plan.remove));
    }

    function isMark(name: string): boolean {
      return name.startsWith('on_');
    }

    async function runAgainOn(source: string, others: readonly string[]): Promise<void> {
      for (const other of others) await opened.setSlots(id, other, 0);
      await opened.setSlots(id, source, 1);
      await opened.rerun(id, { kind: 'tasks', tasks: [1] });
      await waitUntil(`it ran on ${source}`, () => opened.tasks(id)[0]?.source === source, 30_000);
      assert.deepEqual(countsOf(await opened.whenOver(id, signal)), { succeeded: 1 });
    }
  });

  it('cleans up by itself where that is wanted, and runs a checkout as it stands', async () => {
    const box = await rigs.start({ alias: 'box' });
    mkdirSync(join(box.home, 'mine'));
    const rig = make(
      [box],
      '  box: { type: ssh, host: box, slots: 1, checkout: ~/mine, cleanup: verified, setup: ["export GREETING=hello"] }\nsync: { before_start: never }\n',
    );
    copyFileSync(join(rig.dir, 'task.sh'), join(box.home, 'mine', 'task.sh'));
    const opened = await rig.open();
    const { id } = await opened.start(rig.sweep('{ n: [1] }'), { sources: ['box'] });
    const over = await opened.whenOver(id, signal);
    assert.deepEqual(countsOf(over), { succeeded: 1 });
    assert.match(rig.read(id, 1, 'stdout.log'), new RegExp(` in ${box.home}/mine\n`));
    assert.deepEqual(readdirSync(onlyFolder(join(box.home, '.hsm', 'sweeps'))), []);
    assert.equal(existsSync(join(box.home, 'mine', 'task.sh')), true);
  });

  it('heeds pause, slots, time limit and a rerun, and outlives the loss of its connection', async () => {
    const box = await rigs.start({ alias: 'box' });
    const rig = make([box], '  box: { type: ssh, host: box, slots: 1 }\n');
    const opened = await rig.open();
    const { id } = await opened.start(rig.sweep('{ gate: [go], n: [1, 2, 3] }', '{ timeout: "00:00:02" }'));
    await waitUntil('a task runs', () => count(opened, id, 'running') === 1, 30_000);
    await opened.pause(id);
    box.killSessions();
    await waitUntil('the time limit ended it', () => count(opened, id, 'failed') === 1, 40_000);
    assert.equal(count(opened, id, 'running'), 0);
    assert.match(opened.tasks(id).find(({ state }) => state === 'failed')?.reason ?? '', /timeout/);
    writeFileSync(join(box.home, 'go'), '');
    await opened.setSlots(id, 'box', 2);
    await opened.rerun(id, { kind: 'failed' });
    await opened.resume(id);
    const over = await opened.whenOver(id, signal);
    assert.deepEqual(countsOf(over), { succeeded: 3 });
    assert.deepEqual(over.notes, []);
    for (const task of [1, 2, 3]) assert.equal(rig.read(id, task, 'metrics.json'), `{"score": ${task}}\n`);
  });

  it('goes on with nobody here, and is found again by another process', async () => {
    const box = await rigs.start({ alias: 'box' });
    const rig = make([box], '  box: { type: ssh, host: box, slots: 1 }\n');
    const first = await rig.open();
    const { id } = await first.start(rig.sweep('{ gate: [go], n: [1, 2, 3] }'));
    await waitUntil('a task runs', () => count(first, id, 'running') === 1, 30_000);
    await first.close();
    // What is changed now is not what this sweep runs.
    rig.write('task.sh', '#!/bin/sh\nexit 7\n');
    box.killSessions();
    writeFileSync(join(box.home, 'go'), '');
    const second = await rig.open();
    const over = await second.whenOver(id, signal);
    assert.deepEqual(countsOf(over), { succeeded: 3 });
    assert.equal(rig.read(id, 3, 'metrics.json'), '{"score": 3}\n');
  });

  it('brings what an interrupted end left there when the project is opened again, or its host gets connected', async () => {
    const box = await rigs.start({ alias: 'box' });
    const rig = make([box], '  box: { type: ssh, host: box, slots: 2 }\n');
    const first = await rig.open();
    const { id } = await first.start(rig.sweep('{ code: [0, 3] }'));
    await first.whenOver(id, signal);
    await first.close();
    const out = join(rig.dir, 'outputs', id);
    const lose = (): void => {
      rmSync(join(out, 'collected.jsonl'));
      rmSync(join(out, 'errors'), { recursive: true });
      rmSync(join(out, 'tasks'), { recursive: true });
    };
    const isHome = (project: Project) => (): boolean =>
      existsSync(join(out, 'errors', 'task_0002.md')) && project.sweep(id)?.notes.length === 0;

    lose();
    const second = await rig.open();
    await waitUntil('all is here', isHome(second), 30_000);
    assert.equal(rig.read(id, 1, 'metrics.json'), '{"score": 1}\n');
    assert.match(readFileSync(join(out, 'errors', 'task_0002.md'), 'utf8'), /cause of 2/);
    await second.close();

    lose();
    await box.stop();
    const third = await rig.open();
    await waitUntil('the reason is told', () => /still on box\. .+ Collect/.test(noteOf(third, id)), 30_000);
    await box.start();
    await third.hosts.connect('box', signal);
    await waitUntil('all is here', isHome(third), 30_000);
    assert.equal(rig.read(id, 2, 'metrics.json'), '{"score": 2}\n');
  });
});

function noteOf(project: Project, id: string): string {
  return project.sweep(id)?.notes.join(' ') ?? '';
}

function countsOf(summary: SweepSummary): Record<string, number> {
  return Object.fromEntries(Object.entries(summary.counts).filter(([, number]) => number > 0));
}

function count(project: Project, id: string, state: keyof SweepSummary['counts']): number {
  return project.sweep(id)?.counts[state] ?? 0;
}

function onlyFolder(path: string): string {
  assert.ok(existsSync(path), path);
  const names = readdirSync(path);
  assert.equal(names.length, 1, names.join(' '));
  return join(path, names[0] ?? '');
}

/** A runner that has just ended may still put its files away, so sizes may differ from one look to the next. */
function pathsOf(entries: readonly { readonly path: string }[]): string[] {
  return entries.map(({ path }) => path);
}
