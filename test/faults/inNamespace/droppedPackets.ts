import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { checkAccounts } from '../../support/faults/accounts';
import { useProjects } from '../../support/faults/faultProject';
import { itWithSeeds } from '../../support/faults/seeds';
import { addHosts, checkAllAtHome } from '../../support/faults/sshFaults';
import { useSshd } from '../../support/sshd/useSshd';

const GRID = '{ id: [1, 2, 3, 4, 5, 6], sec: [0.05, 0.4] }';
const TASKS = 12;

/** Run in a network of its own by `network.test.ts`: here the loopback interface may be taken down. */
describe('a network that drops every packet for a while', function () {
  this.timeout(150_000);
  const rigs = useSshd();
  const newProject = useProjects();

  afterEach(() => {
    setLoopback('up');
  });

  itWithSeeds('loses nothing and runs nothing twice', 1, async (random) => {
    const project = await newProject();
    await addHosts(project, rigs, ['box']);
    project.writeSweep(GRID);
    const driver = project.start('run', 'sweeps/fault.yaml', '--source', 'box');
    await project.untilStarted(1);
    for (let outage = 0; outage < 4 && driver.isRunning; outage += 1) {
      setLoopback('down');
      await delay(random.int(200, 2_500));
      setLoopback('up');
      await delay(random.int(200, 1_500));
    }
    const code = await driver.ended();
    if (code !== 0) {
      const again = await project.hsm('attach', 'last');
      assert.equal(again.code, 0, `${driver.stderr}\n${again.stderr}`);
    }
    const { succeeded } = await checkAccounts(project);
    assert.equal(succeeded, TASKS);
    const collected = await project.hsm('collect', 'last');
    assert.equal(collected.code, 0, collected.stderr);
    await checkAllAtHome(project);
  });
});

function setLoopback(state: 'up' | 'down'): void {
  execFileSync('ip', ['link', 'set', 'lo', state]);
}
