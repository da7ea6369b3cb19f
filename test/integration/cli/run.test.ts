import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useSweepProject, type SweepProject } from './sweepProject';

describe('hsm run', function () {
  this.timeout(60_000);
  let project: SweepProject;

  useSweepProject((made) => {
    project = made;
  });

  it('runs every combination once, and ends with 0 when all succeed', async () => {
    project.open();
    const { code, stdout, stderr } = await project.hsm('run', project.writeGated(5));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^sweep_\d{8}_\d{6} succeeded: all 5 tasks succeeded, in /);
    assert.deepEqual(
      project.ledger('end').sort(),
      [1, 2, 3, 4, 5].map((task) => `end ${task} 1`),
    );
  });

  it('ends with 1 when tasks failed, groups them by cause, and says what to do next', async () => {
    const { code, stdout, stderr } = await project.hsm('run', project.writeCodes([0, 3, 4]));
    assert.equal(code, 1);
    assert.match(stdout, /of 3 tasks 1 succeeded, 2 failed/);
    assert.match(stdout, /hsm rerun last --failed/);
    assert.match(stderr, /^task_0002 failed: /m);
    assert.match(stderr, /^task_0003 failed: /m);
    assert.deepEqual(project.ledger('start').sort(), ['start 1 1', 'start 2 1', 'start 3 1']);
  });

  it('prints one JSON value on standard output and nothing else there', async () => {
    const { code, stdout } = await project.hsm('run', project.writeCodes([0, 3]), '--json');
    assert.equal(code, 1);
    const { sweepId, sweepDir, durationMs, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(rest, { state: 'failed', total: 2, succeeded: 1, failed: 1, cancelled: 0, lost: 0 });
    assert.equal(sweepDir, join(project.dir, 'outputs', String(sweepId)));
    assert.ok(Number(durationMs) > 0);
  });

  it('leaves the sweep directory that both the editor and the command line read', async () => {
    await project.hsm('run', project.writeCodes([0, 3]));
    const dir = await project.sweepDir();
    for (const name of [
      'sweep.yaml',
      'sweep.json',
      'tasks.jsonl',
      'journal.jsonl',
      'results.csv',
      'groups.json',
    ]) {
      assert.ok(existsSync(join(dir, name)), name);
    }
    assert.equal(readFileSync(join(dir, 'tasks/task_0001/stdout.log'), 'utf8'), 'output of 1\n');
    assert.ok(existsSync(join(dir, 'errors/task_0002.md')));
  });

  it('runs only the first tasks with --max-tasks', async () => {
    const { code } = await project.hsm('run', project.writeCodes([0, 5, 6]), '--max-tasks', '1');
    assert.equal(code, 0);
    assert.equal((await project.status()).total, 1);
  });

  it('runs so many at one time as --slots says', async () => {
    const run = project.start('run', project.writeGated(4), '--slots', '3');
    await project.waitForStarts(3);
    const { running, queued } = await project.waitForStatus('three run', (status) => status.running === 3);
    assert.deepEqual([running, queued], [3, 1]);
    project.open();
    assert.equal((await run.result()).code, 0);
  });

  it('refuses a file with errors with their places, and starts nothing', async () => {
    const file = project.write(
      'sweeps/bad.yaml',
      'script: task.sh\nsweep:\n  grid:\n    code: 0\n    other: []\n',
    );
    const { code, stdout, stderr } = await project.hsm('run', file);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^sweeps\/bad\.yaml:4:11: error: /m);
    assert.match(stderr, /^sweeps\/bad\.yaml:5:12: error: /m);
    assert.match(stderr, /sweeps\/bad\.yaml cannot be used: 2 errors in 1 file/);
    assert.ok(!existsSync(join(project.dir, 'outputs')));
  });

  it('refuses a file that is not there, and a script that is not there', async () => {
    const missing = await project.hsm('run', 'sweeps/none.yaml');
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /There is no file .*sweeps\/none\.yaml/);
    const file = project.write('sweeps/other.yaml', 'script: none.sh\nsweep: { grid: { a: [1] } }\n');
    const { code, stderr } = await project.hsm('run', file);
    assert.equal(code, 2);
    assert.match(stderr, /none\.sh does not exist/);
  });

  it('refuses more tasks than the limit, unless told to', async () => {
    project.write('.hsm/config.yaml', 'project: { arguments: env }\nmax_tasks: 2\n');
    const file = project.writeCodes([0, 0.0, 0.0]);
    const { code, stderr } = await project.hsm('run', project.writeGated(3), '--detach');
    assert.equal(code, 2);
    assert.match(stderr, /3 tasks, more than the limit of 2/);
    assert.equal((await project.hsm('run', file, '--yes')).code, 0);
  });

  it('refuses a compute source that is not configured', async () => {
    const { code, stderr } = await project.hsm('run', project.writeCodes([0]), '--source', 'gpubox');
    assert.equal(code, 2);
    assert.match(stderr, /There is no compute source "gpubox"/);
  });

  it('ends with 3 when a compute source cannot run tasks', async () => {
    project.write('.hsm/config.yaml', 'sources: { cluster: { type: slurm, host: nowhere } }\n');
    const { code, stderr } = await project.hsm('run', project.writeCodes([0]), '--source', 'cluster');
    assert.equal(code, 3, stderr);
    assert.match(stderr, /cluster/);
  });

  it('ends with 3 when a source starts nothing, and says why', async () => {
    project.write(
      '.hsm/config.yaml',
      'project: { arguments: env }\nsources: { local: { type: local, conda_env: ./no-venv } }\n',
    );
    const { code, stderr } = await project.hsm('run', project.writeGated(2));
    assert.equal(code, 3, stderr);
    assert.match(
      stderr,
      /nothing was started\. The environment "\.\/no-venv" cannot be activated on this machine/,
    );
    assert.deepEqual(project.ledger('start'), []);
  });

  it('gives up at once when a line of setup fails, which no start tries', async () => {
    project.write(
      '.hsm/config.yaml',
      'project: { arguments: env }\nsources: { local: { type: local, slots: 1, setup: ["cat nothing-there"] } }\n',
    );
    const began = performance.now();
    const { code, stderr } = await project.hsm('run', project.writeGated(2));
    assert.equal(code, 3, stderr);
    assert.match(
      stderr,
      /Nothing of \S+ runs: 2 queued\. No task is started\. The setup line "cat nothing-there" failed/,
    );
    assert.match(stderr, /No such file/);
    // Waiting for what may pass takes twenty seconds.
    assert.ok(performance.now() - began < 18_000);
    assert.deepEqual(project.ledger('start'), []);
  });

  it('tries failed tasks again as often as the sweep file says', async () => {
    const { code } = await project.hsm('run', project.writeCodes([0, 3], 'run: { retries: 2 }\n'));
    assert.equal(code, 1);
    const starts = project.ledger('start').sort();
    assert.deepEqual(starts, ['start 1 1', 'start 2 1', 'start 2 2', 'start 2 3']);
  });
});
