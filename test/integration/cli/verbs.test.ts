import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from '../../support/waitUntil';
import type { HsmProcess } from '../../support/hsm/hsmProcess';
import { useSweepProject, type SweepProject } from './sweepProject';

/** Verbs come from another process than the one that drives, or when nobody drives at all. */
for (const driven of [true, false]) {
  describe(`verbs on a sweep that ${driven ? 'another process' : 'nobody'} drives`, function () {
    this.timeout(60_000);
    let project: SweepProject;
    let run: HsmProcess | undefined;

    useSweepProject((made) => {
      project = made;
    });

    it('pause starts no new task until resume', async () => {
      await begin(6);
      const { code, stderr } = await project.hsm('pause', 'last');
      assert.equal(code, 0, stderr);
      assert.match(stderr, /starts no new tasks/);
      project.open();
      const paused = await project.waitForStatus(
        'the running tasks ended',
        ({ succeeded }) => succeeded === 2,
      );
      assert.deepEqual([paused.state, paused.queued + paused.waiting], ['paused', 4]);
      assert.equal(project.ledger('start').length, 2);

      assert.equal((await project.hsm('resume', 'last')).code, 0);
      await project.waitForStatus('all succeeded', ({ state }) => state === 'succeeded');
      await checkRunEnds(0);
      assert.equal(project.ledger('start').length, 6);
    });

    it('stop lets what runs come to its end and drops the rest', async () => {
      await begin(6);
      const { code, stderr } = await project.hsm('stop', 'last');
      assert.equal(code, 0, stderr);
      assert.match(stderr, /is stopping: 4 tasks dropped, what runs now \(2 tasks\) comes to its end/);
      project.open();
      const { succeeded, cancelled } = await project.waitForStatus(
        'it is over',
        ({ state }) => state === 'cancelled',
      );
      assert.deepEqual([succeeded, cancelled], [2, 4]);
      await checkRunEnds(1);
      assert.equal(project.ledger('end').length, 2);
    });

    it('cancel ends what runs and drops the rest', async () => {
      await begin(6);
      const { code, stderr } = await project.hsm('cancel', 'last');
      assert.equal(code, 0, stderr);
      assert.match(stderr, /ending what runs \(2 tasks\), dropping what has not started \(4\)/);
      assert.match(stderr, /: 6 cancelled\.$/m);
      const { state, cancelled } = await project.status();
      assert.deepEqual([state, cancelled], ['cancelled', 6]);
      await checkRunEnds(1);
      assert.deepEqual(project.ledger('end'), [], 'no task came to its own end');
    });

    it('cancel of some tasks leaves the others alone', async () => {
      await begin(6);
      assert.equal((await project.hsm('cancel', 'last', '--tasks', '1,5-6')).code, 0);
      project.open();
      const { tasks } = await project.waitForStatus('it is over', ({ state }) => state === 'cancelled');
      const cancelled = tasks.filter(({ state }) => state === 'cancelled').map(({ number }) => number);
      assert.deepEqual(cancelled, [1, 5, 6]);
      await checkRunEnds(1);
    });

    it('slots changes how many tasks run at one time', async () => {
      await begin(6);
      assert.equal((await project.hsm('slots', 'last', 'local', '4')).code, 0);
      await project.waitForStarts(4);
      // The tasks know of it before the journal.
      await project.waitForStatus('four tasks run', ({ running }) => running === 4);
      assert.equal(project.ledger('start').length, 4);
      project.open();
      await checkRunEnds(0);
    });

    it('slots of a source that the sweep does not use is refused', async () => {
      await begin(2);
      const { code, stderr } = await project.hsm('slots', 'last', 'gpubox', '4');
      assert.equal(code, 2);
      assert.match(stderr, /does not use a compute source "gpubox"/);
      project.open();
      await checkRunEnds(0);
    });

    /** A sweep of which two tasks run. */
    async function begin(count: number): Promise<void> {
      const file = project.writeGated(count);
      if (driven) run = project.start('run', file);
      else {
        run = undefined;
        assert.equal((await project.hsm('run', file, '--detach')).code, 0);
      }
      await project.waitForStarts(2);
      await project.waitForStatus('two tasks run', ({ running }) => running === 2);
    }

    async function checkRunEnds(code: number): Promise<void> {
      if (run) assert.equal((await run.result()).code, code);
    }
  });
}

describe('a verb on a sweep whose driver does not answer', function () {
  this.timeout(60_000);
  let project: SweepProject;

  useSweepProject((made) => {
    project = made;
  });

  it('is carried out here as soon as that driver is gone', async () => {
    const run = project.start('run', project.writeGated(4));
    await project.waitForStarts(2);
    run.signal('SIGSTOP');
    const pause = project.start('pause', 'last');
    const requests = join(await project.sweepDir(), 'requests');
    await waitUntil('the request is left', () => existsSync(requests) && readdirSync(requests).length > 0);
    const startMs = performance.now();
    run.signal('SIGKILL');
    const { code, stderr } = await pause.result();
    assert.equal(code, 0, stderr);
    assert.ok(performance.now() - startMs < 10_000, 'it did not wait for the dead');
    assert.equal((await project.status()).state, 'paused');
  });
});

describe('running tasks again', function () {
  this.timeout(60_000);
  let project: SweepProject;

  useSweepProject((made) => {
    project = made;
  });

  it('takes what failed, under the same numbers, and says so', async () => {
    await project.hsm('run', project.writeCodes([0, 3, 4]));
    const { code, stderr, stdout } = await project.hsm('rerun', 'last', '--failed');
    assert.equal(code, 1);
    assert.match(stderr, /running 2 failed, again/);
    assert.match(stdout, /of 3 tasks 1 succeeded, 2 failed/);
    const starts = ['start 1 1', 'start 2 1', 'start 2 2', 'start 3 1', 'start 3 2'];
    assert.deepEqual(project.ledger('start').sort(), starts);
  });

  it('takes everything that did not succeed without options', async () => {
    await project.hsm('run', project.writeGated(4), '--detach');
    await project.waitForStarts(2);
    await project.hsm('cancel', 'last');
    project.open();
    const { code, stderr } = await project.hsm('rerun', 'last');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /running everything that did not succeed: 4 cancelled, again/);
    assert.equal((await project.status()).succeeded, 4);
  });

  it('takes chosen tasks, also those that succeeded', async () => {
    await project.hsm('run', project.writeCodes([0, 3]));
    const { code, stderr } = await project.hsm('rerun', 'last', '--tasks', '1');
    assert.equal(code, 1, 'task 2 is failed still');
    assert.match(stderr, /running task 1 again/);
    assert.deepEqual(project.ledger('start').sort(), ['start 1 1', 'start 1 2', 'start 2 1']);
  });

  it('is handed over and left with --detach', async () => {
    await project.hsm('run', project.writeCodes([3]));
    const { code } = await project.hsm('rerun', 'last', '--detach');
    assert.equal(code, 0);
    await project.waitForStatus(
      'the second attempt failed',
      ({ tasks: [task] }) => task?.attempt === 2 && task.state === 'failed',
    );
  });

  it('has nothing to do when all succeeded', async () => {
    await project.hsm('run', project.writeCodes([0]));
    const { code, stderr } = await project.hsm('rerun', 'last');
    assert.equal(code, 0);
    assert.match(stderr, /nothing to run again: 1 succeeded/);
  });

  it('refuses tasks that the sweep does not have', async () => {
    await project.hsm('run', project.writeCodes([0]));
    const { code, stderr } = await project.hsm('rerun', 'last', '--tasks', '1-9');
    assert.equal(code, 2);
    assert.match(stderr, /has no task 9/);
  });
});

describe('extending a sweep', function () {
  this.timeout(60_000);
  let project: SweepProject;

  useSweepProject((made) => {
    project = made;
  });

  it('runs the combinations that its file gained, and no old one again', async () => {
    const file = project.writeCodes([0, 3]);
    await project.hsm('run', file);
    project.writeCodes([5, 0, 3, 0x0f]);
    const { code, stderr } = await project.hsm('extend', 'last');
    assert.equal(code, 1, stderr);
    assert.match(stderr, /2 tasks added/);
    assert.deepEqual(project.ledger('start').sort(), ['start 1 1', 'start 2 1', 'start 3 1', 'start 4 1']);
    const { tasks } = await project.status();
    assert.deepEqual(
      tasks.map(({ exitCode }) => exitCode),
      [0, 3, 5, 15],
    );
  });

  it('adds nothing when the file is as it was', async () => {
    await project.hsm('run', project.writeCodes([0]));
    const { code, stderr } = await project.hsm('extend', 'last');
    assert.equal(code, 0);
    assert.match(stderr, /Nothing was added/);
  });

  it('refuses a file that has errors by now', async () => {
    const file = project.writeCodes([0]);
    await project.hsm('run', file);
    appendFileSync(join(project.dir, file), 'sweep: 3\n');
    assert.equal((await project.hsm('extend', 'last')).code, 2);
  });
});
