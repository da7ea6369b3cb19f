import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { checkAccounts } from '../support/faults/accounts';
import { useProjects } from '../support/faults/faultProject';
import { signalIfThere } from '../support/faults/processes';
import { itWithSeeds } from '../support/faults/seeds';

const STRIKES = 10;

describe('the death of the runner and of tasks on Linux', function () {
  this.timeout(300_000);
  const newProject = useProjects();

  itWithSeeds('is told as it is, while the driver lives, dies or is away', 1, async (random) => {
    const project = await newProject({ slots: 3 });
    project.writeSweep('{ id: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], sec: [0, 0.4, 0.8], code: [0, 3] }', {
      run: '{ lost: rerun }',
    });
    let driver = project.start('run', 'sweeps/fault.yaml');
    await project.untilStarted(2);
    for (let strike = 0; strike < STRIKES; strike++) {
      const kind = random.pick(['main', 'lane', 'lane', 'wrapper', 'wrapper', 'task'] as const);
      const victims = project.processesOf(kind);
      if (victims.length > 0) signalIfThere(random.pick(victims).pid, 'SIGKILL');
      await delay(random.int(0, 600));
      if (random.chance(0.2)) await driver.kill();
      if (!driver.isRunning && random.chance(0.5)) driver = project.start('attach', 'last');
    }
    if (!driver.isRunning) driver = project.start('attach', 'last');
    assert.notEqual(await driver.ended(), undefined, driver.stderr);
    const { succeeded, failed, lost, total } = await checkAccounts(project);
    assert.equal(succeeded + failed + lost, total, 'nobody asked to cancel anything');
  });

  itWithSeeds('costs at most what was running, when all of it dies at once', 1, async (random) => {
    const project = await newProject({ slots: 3 });
    project.writeSweep('{ id: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], sec: [0.1, 0.5] }', {
      run: '{ lost: ask }',
    });
    const driver = project.start('run', 'sweeps/fault.yaml');
    const crashes = 3;
    for (let crash = 0; crash < crashes; crash++) {
      await project.untilStarted(3 * (crash + 1));
      await delay(random.int(0, 300));
      // The last ones first, so that none has time to see another die.
      const kinds = ['main', 'lane', 'wrapper', 'task'] as const;
      for (const { pid } of kinds.flatMap((kind) => project.processesOf(kind))) signalIfThere(pid, 'SIGKILL');
    }
    await driver.ended();
    const { lost, succeeded, failed, total } = await checkAccounts(project);
    assert.ok(lost <= 3 * crashes, `${lost} unknown outcomes of ${crashes} crashes with 3 slots`);
    // A task that died alone, before its wrapper did, failed by a signal.
    assert.equal(succeeded + failed + lost, total);
  });
});
