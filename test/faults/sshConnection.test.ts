import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import { checkAccounts } from '../support/faults/accounts';
import { useProjects, type FaultProject } from '../support/faults/faultProject';
import type { HsmProcess } from '../support/hsm/hsmProcess';
import { itWithSeeds } from '../support/faults/seeds';
import { addHosts, checkAllAtHome } from '../support/faults/sshFaults';
import { useSshd } from '../support/sshd/useSshd';

const GRID = '{ id: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], sec: [0.05, 0.4] }';
const TASKS = 24;

describe('the connection to a host on Linux', function () {
  this.timeout(180_000);
  const rigs = useSshd();
  const newProject = useProjects();

  async function finish(project: FaultProject, driver: HsmProcess): Promise<void> {
    let code = await driver.ended();
    let said = driver.stderr;
    // A sweep that could not be checked was not started, and nothing of it.
    const isThere = project.sweepDirs().length > 0;
    if (!isThere) assert.deepEqual(project.ledger().attempts, [], said);
    const verb = isThere ? ['attach', 'last'] : ['run', 'sweeps/fault.yaml', '--source', 'box'];
    if (code !== 0) ({ code, stderr: said } = await project.hsm(...verb));
    assert.equal(code, 0, said);
    const { succeeded } = await checkAccounts(project);
    assert.equal(succeeded, TASKS);
    const collected = await project.hsm('collect', 'last');
    assert.equal(collected.code, 0, collected.stderr);
    await checkAllAtHome(project);
  }

  itWithSeeds(
    'may be cut again and again, at any byte: nothing is lost, nothing runs twice',
    1,
    async (random) => {
      const project = await newProject();
      const [host] = await addHosts(project, rigs, ['box']);
      assert.ok(host);
      project.writeSweep(GRID);
      const driver = project.start('run', 'sweeps/fault.yaml', '--source', 'box');
      for (let cut = 0; cut < 6 && driver.isRunning; cut += 1) {
        // The login alone takes some 6 kB.
        host.proxy.cutAfter(random.int(500, 40_000));
        await delay(random.int(200, 1_500));
      }
      host.proxy.cutAfter(Infinity);
      await finish(project, driver);
    },
  );

  itWithSeeds('may fall silent, and may be refused for a while', 1, async (random) => {
    const project = await newProject();
    const [host] = await addHosts(project, rigs, ['box']);
    assert.ok(host);
    project.writeSweep(GRID);
    const driver = project.start('run', 'sweeps/fault.yaml', '--source', 'box');
    await project.untilStarted(random.int(1, TASKS / 2));
    host.proxy.blackHole(true);
    await delay(random.int(500, 2_000));
    host.proxy.refuse(true);
    host.proxy.blackHole(false);
    await delay(random.int(500, 3_000));
    host.proxy.refuse(false);
    await finish(project, driver);
  });

  itWithSeeds('may end with its sshd, which comes back', 1, async (random) => {
    const project = await newProject();
    const [host] = await addHosts(project, rigs, ['box']);
    assert.ok(host);
    project.writeSweep(GRID);
    const driver = project.start('run', 'sweeps/fault.yaml', '--source', 'box');
    for (const started of [1, random.int(2, TASKS - 4)]) {
      await project.untilStarted(started);
      await host.rig.stop();
      host.rig.killSessions();
      await delay(random.int(0, 1_000));
      await host.rig.start();
    }
    await finish(project, driver);
  });

  itWithSeeds('may be cut while results come home', 1, async (random) => {
    const project = await newProject();
    const [host] = await addHosts(project, rigs, ['box']);
    assert.ok(host);
    project.writeScript(
      'big.sh',
      '#!/bin/sh\nhead -c 300000 /dev/urandom >"$HSM_TASK_DIR/model.bin"\nexec ./task.sh\n',
    );
    project.writeSweep(GRID, { script: 'big.sh' });
    const driver = project.start('run', 'sweeps/fault.yaml', '--source', 'box');
    await project.untilStarted(TASKS);
    for (let cut = 0; cut < 3 && driver.isRunning; cut += 1) {
      host.proxy.cutAfter(random.int(20_000, 3_000_000));
      await delay(random.int(200, 1_000));
    }
    host.proxy.cutAfter(Infinity);
    await finish(project, driver);
  });

  itWithSeeds('may be lost together with the driver, and another one finds the sweep', 1, async (random) => {
    const project = await newProject();
    const [host] = await addHosts(project, rigs, ['box']);
    assert.ok(host);
    project.writeSweep(GRID);
    let driver = project.start('run', 'sweeps/fault.yaml', '--source', 'box');
    for (let kill = 0; kill < 4; kill += 1) {
      await delay(random.int(300, 1_800));
      await driver.kill();
      const verb =
        project.sweepDirs().length === 0
          ? ['run', 'sweeps/fault.yaml', '--source', 'box']
          : ['attach', 'last'];
      driver = project.start(...verb);
    }
    await finish(project, driver);
  });
});
