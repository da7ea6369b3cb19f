import assert from 'node:assert/strict';
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkAccounts } from '../support/faults/accounts';
import { useProjects } from '../support/faults/faultProject';
import { waitUntil } from '../support/waitUntil';

const PLACES = {
  'blanks and quotes': `a "b" 'c'  d`,
  'what a shell would read': '$(touch pwned) `id` ; & | * ? [x] ~ !',
  'other scripts': 'données/实验 🚀/ä̈',
  'a line break': 'two\nlines',
  backslashes: 'a\\nb\\',
  'a leading dash': '-rf',
};

describe('projects and outputs in unusual places on Linux', function () {
  this.timeout(120_000);
  const newProject = useProjects();

  for (const [title, place] of Object.entries(PLACES)) {
    it(`run, fail, run again and are found with ${title} in their paths`, async () => {
      const project = await newProject({ name: place, output: `out ${place}` });
      project.writeSweep('{ id: [1, 2], code: [0, 3] }');
      assert.equal((await project.hsm('run', 'sweeps/fault.yaml')).code, 1);
      const rerun = await project.hsm('rerun', 'last');
      assert.equal(rerun.code, 1, rerun.stderr);
      assert.equal((await project.hsm('errors', 'last', '2')).code, 0);
      assert.equal((await project.hsm('logs', 'last', '1')).stdout, 'output of 1\n');
      const { succeeded, failed, tasks } = await checkAccounts(project);
      assert.deepEqual([succeeded, failed], [2, 2]);
      assert.deepEqual(
        tasks.map(({ attempt }) => attempt),
        [1, 2, 1, 2],
      );
    });
  }

  it('go on when the runner’s directory becomes read-only for a while', async () => {
    const project = await newProject({ asNobody: true });
    project.writeSweep('{ id: [1, 2, 3, 4, 5, 6, 7, 8], sec: [0.3] }');
    const driver = project.start('run', 'sweeps/fault.yaml');
    await project.untilStarted(3);
    const locked = [
      project.runnerDir(),
      join(project.runnerDir(), 'claim'),
      join(project.runnerDir(), 'lock'),
    ];
    for (const path of locked) chmodSync(path, 0o555);
    await waitUntil('the user is told', () => /cannot be|not writable/.test(driver.stderr), 30_000);
    for (const path of locked) chmodSync(path, 0o755);
    assert.equal(await driver.ended(), 0, driver.stderr);
    await checkAccounts(project);
  });

  it('say so when the runner’s directory is removed, and run nothing twice', async () => {
    const project = await newProject();
    project.writeSweep('{ id: [1, 2, 3, 4, 5, 6], sec: [0.3] }');
    const driver = project.start('run', 'sweeps/fault.yaml');
    await project.untilStarted(2);
    const away = join(project.dir, 'away');
    renameSync(project.runnerDir(), away);
    await waitUntil('the user is told', () => driver.stderr.includes('local'), 30_000);
    renameSync(away, project.runnerDir());
    assert.equal(await driver.ended(), 0, driver.stderr);
    await checkAccounts(project);
  });

  it('bring nothing back of a sweep that the user removed while it ran', async () => {
    const project = await newProject();
    project.writeSweep('{ id: [1, 2], sec: [1] }');
    const driver = project.start('run', 'sweeps/fault.yaml');
    await project.untilStarted(2);
    // What runs there may write while it is removed.
    rmSync(project.sweepDir(), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    assert.notEqual(await driver.ended(), 0, 'it does not pretend success');
    assert.notEqual(driver.stderr, '');
    assert.doesNotMatch(driver.stderr, /internal error/);
    assert.deepEqual(project.sweepDirs(), []);
  });
});
