import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from '../../support/waitUntil';
import type { SweepStatus } from '../../support/hsm/sweepStatus';
import { useSweepProject, type SweepProject } from './sweepProject';

const TASKS = 6;
const eachOnce = Array.from({ length: TASKS }, (_, index) => `${index + 1} 1`);

describe('a sweep whose command line goes', function () {
  this.timeout(90_000);
  let project: SweepProject;

  useSweepProject((made) => {
    project = made;
  });

  it('goes on when it was started with --detach, and status tells the truth', async () => {
    const { code, stdout } = await project.hsm('run', project.writeGated(TASKS), '--detach');
    assert.equal(code, 0);
    assert.match(stdout, /hsm attach last/);
    await project.waitForStarts(2);
    const during = await project.status();
    assert.deepEqual(
      [during.state, during.running, during.queued, during.driver],
      ['running', 2, 4, 'nobody'],
    );

    project.open();
    const after = await project.waitForStatus('it is over', isOver);
    assert.deepEqual([after.state, after.succeeded], ['succeeded', TASKS]);
    checkEachRanOnce();
  });

  it('prints the counts so far as JSON with --detach', async () => {
    const { stdout } = await project.hsm('run', project.writeGated(TASKS), '--detach', '--json');
    const { state, total } = JSON.parse(stdout) as SweepStatus;
    assert.deepEqual([state, total], ['running', TASKS]);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`goes on at ${signal}, and attach follows it to its end`, async () => {
      const run = project.start('run', project.writeGated(TASKS));
      await project.waitForStarts(2);
      run.signal(signal);
      const left = await run.result();
      assert.equal(left.code, 130, left.stderr);
      assert.match(left.stderr, /goes on by itself: 2 running, 4 queued/);
      assert.match(left.stderr, /hsm attach last/);
      assert.match(left.stderr, /hsm cancel last/);
      assert.equal(left.stdout, '');

      const attached = project.start('attach', 'last');
      project.open();
      const { code, stdout } = await attached.result();
      assert.equal(code, 0);
      assert.match(stdout, /all 6 tasks succeeded/);
      checkEachRanOnce();
    });
  }

  it('is found again after kill -9, with every task run exactly once', async () => {
    const run = project.start('run', project.writeGated(TASKS));
    await project.waitForStarts(2);
    run.signal('SIGKILL');
    await run.result();
    project.open();
    const { code, stdout } = await project.hsm('attach', 'last');
    assert.equal(code, 0, stdout);
    checkEachRanOnce();
  });

  it('is found again when kill -9 comes at any moment of the start', async () => {
    project.open();
    const outputs = join(project.dir, 'outputs');
    const journalHas = (word: string) => (dir: string) => textOf(join(dir, 'journal.jsonl')).includes(word);
    const moments: Record<string, (dir: string) => boolean> = {
      'its directory is there': () => true,
      'it has a driver': journalHas('"driver"'),
      'the hand-over is announced': journalHas('"submitting"'),
      'the runner is put there': (dir) => existsSync(join(dir, 'runner')),
      'the hand-over is done': journalHas('"submitted"'),
      'the first task is seen': journalHas('"observed"'),
    };
    for (const [what, reached] of Object.entries(moments)) {
      const before = new Set(list(outputs));
      const run = project.start('run', project.writeGated(TASKS));
      const isThere = (): boolean =>
        list(outputs).some(
          (name) => !before.has(name) && !name.startsWith('.') && reached(join(outputs, name)),
        );
      await waitUntil(what, isThere, 20_000, 1);
      run.signal('SIGKILL');
      await run.result();
    }
    for (const sweep of list(outputs)) {
      const { code, stderr } = await project.hsm('attach', sweep);
      assert.equal(code, 0, stderr);
    }
    const perTask = eachOnce.flatMap((line) => Object.keys(moments).map(() => `start ${line}`));
    assert.deepEqual(project.ledger('start').sort(), perTask.sort());
  });

  it('is found again however often its command line is killed', async () => {
    project.open();
    const count = 150;
    const run = project.start('run', project.writeGated(count));
    await project.waitForStarts(5);
    run.signal('SIGKILL');
    await run.result();
    let kills = 1;
    for (let started = 5; started < count - 20; started = project.ledger('start').length) {
      const attached = project.start('attach', 'last');
      await project.waitForStarts(started + 8);
      attached.signal('SIGKILL');
      await attached.result();
      kills++;
    }
    assert.ok(kills > 3, `${kills} kills`);
    const { code, stdout } = await project.hsm('attach', 'last');
    assert.equal(code, 0, stdout);
    const once = Array.from({ length: count }, (_, index) => `end ${index + 1} 1`);
    assert.deepEqual(project.ledger('end').sort(), once.sort());
  });

  it('is read to its last whole line when the journal is torn', async () => {
    const run = project.start('run', project.writeGated(TASKS));
    await project.waitForStarts(2);
    run.signal('SIGKILL');
    await run.result();
    await project.append('journal.jsonl', '{"kind":"observed","at":17');
    const torn = await project.status();
    assert.deepEqual([torn.state, torn.running + torn.queued], ['running', TASKS]);
    project.open();
    assert.equal((await project.hsm('attach', 'last')).code, 0);
    checkEachRanOnce();
  });

  it('has one driver: a second attach follows the first', async () => {
    const run = project.start('run', project.writeGated(TASKS));
    await project.waitForStarts(2);
    const second = project.start('attach', 'last');
    await waitUntil('the second follows', () => second.stderr.includes('following it'));
    assert.match(second.stderr, new RegExp(`driven by process ${run.pid} on `));
    project.open();
    const [first, follower] = await Promise.all([run.result(), second.result()]);
    assert.deepEqual([first.code, follower.code], [0, 0]);
    assert.match(follower.stdout, /all 6 tasks succeeded/);
    checkEachRanOnce();
  });

  it('is driven on by one who follows when its driver is killed', async () => {
    const run = project.start('run', project.writeGated(TASKS, 'run: { retries: 1 }\n'));
    await project.waitForStarts(2);
    const second = project.start('attach', 'last');
    await waitUntil('the second follows', () => second.stderr.includes('following it'));
    run.signal('SIGKILL');
    await run.result();
    await project.waitForStatus('the second drives', ({ driver }) => driver === 'elsewhere');
    project.open();
    const { code } = await second.result();
    assert.equal(code, 0);
    checkEachRanOnce();
  });

  it('is followed only, and left alone, by one who goes at Ctrl-C while another drives', async () => {
    const run = project.start('run', project.writeGated(TASKS));
    await project.waitForStarts(2);
    const second = project.start('attach', 'last');
    await waitUntil('the second follows', () => second.stderr.includes('following it'));
    second.signal('SIGINT');
    const { code, stderr } = await second.result();
    assert.equal(code, 130);
    assert.match(stderr, /goes on; another process drives it/);
    project.open();
    assert.equal((await run.result()).code, 0);
    checkEachRanOnce();
  });

  it('is concluded at once by an attach when it is over', async () => {
    await project.hsm('run', project.writeCodes([0, 3]));
    const { code, stdout } = await project.hsm('attach', 'last');
    assert.equal(code, 1);
    assert.match(stdout, /of 2 tasks 1 succeeded, 1 failed/);
  });

  function checkEachRanOnce(): void {
    assert.deepEqual(
      project.ledger('start').sort(),
      eachOnce.map((line) => `start ${line}`),
    );
    assert.deepEqual(
      project.ledger('end').sort(),
      eachOnce.map((line) => `end ${line}`),
    );
  }
});

function isOver({ state }: SweepStatus): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(state);
}

function list(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir) : [];
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
