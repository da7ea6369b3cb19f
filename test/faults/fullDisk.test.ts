import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkAccounts } from '../support/faults/accounts';
import { useProjects, type FaultProject } from '../support/faults/faultProject';
import { itWithSeeds } from '../support/faults/seeds';
import { skipUnlessMountable, SmallDisk } from '../support/faults/smallDisk';
import { waitUntil } from '../support/waitUntil';

const TASKS = 24;
const TELLS = /disk.*is full/;

describe('a full disk under the outputs on Linux', function () {
  this.timeout(180_000);
  const newProject = useProjects();

  before(function () {
    skipUnlessMountable(this);
  });

  async function newProjectOnSmallDisk(): Promise<{ project: FaultProject; disk: SmallDisk }> {
    const project = await newProject();
    const disk = new SmallDisk(join(project.dir, 'outputs'), 8);
    project.atEnd(() => {
      disk.unmount();
    });
    project.writeSweep('{ id: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], sec: [0.05, 0.2] }');
    return { project, disk };
  }

  itWithSeeds(
    'is told, costs nothing, and work goes on by itself when there is room again',
    1,
    async (random) => {
      const { project, disk } = await newProjectOnSmallDisk();
      const driver = project.start('run', 'sweeps/fault.yaml');
      await project.untilStarted(random.int(1, TASKS / 2));
      disk.fill();
      await waitUntil('the driver tells of the full disk', () => TELLS.test(driver.stderr), 60_000);
      await delay(random.int(0, 3_000));
      assert.ok(driver.isRunning, 'it goes on driving');
      disk.free();
      assert.equal(await driver.ended(), 0, driver.stderr);
      const { succeeded } = await checkAccounts(project);
      assert.equal(succeeded, TASKS);
    },
  );

  itWithSeeds(
    'keeps nobody from looking, and refuses whoever wants to drive with a word on why',
    1,
    async (random) => {
      const { project, disk } = await newProjectOnSmallDisk();
      const driver = project.start('run', 'sweeps/fault.yaml');
      await project.untilStarted(random.int(1, TASKS / 2));
      disk.fill();
      await driver.kill();
      const { code, stdout, stderr } = await project.hsm('status', 'last');
      assert.equal(code, 0, stderr);
      assert.match(stdout + stderr, TELLS);
      const refused = await project.hsm('attach', 'last');
      assert.equal(refused.code, 3);
      assert.match(refused.stderr, TELLS);
      disk.free();
      const attached = await project.hsm('attach', 'last');
      assert.equal(attached.code, 0, attached.stderr);
      const { succeeded } = await checkAccounts(project);
      assert.equal(succeeded, TASKS);
    },
  );

  it('keeps a sweep from starting with a word on what to do, and leaves nothing half-made', async () => {
    const { project, disk } = await newProjectOnSmallDisk();
    disk.fill();
    const { code, stderr } = await project.hsm('run', 'sweeps/fault.yaml');
    assert.notEqual(code, 0);
    assert.match(stderr, /disk is full/);
    assert.deepEqual(project.sweepDirs(), []);
    disk.free();
    assert.equal((await project.hsm('run', 'sweeps/fault.yaml')).code, 0);
    await checkAccounts(project);
  });
});
