import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkAccounts } from '../support/faults/accounts';
import { useProjects, type FaultProject } from '../support/faults/faultProject';
import { itWithSeeds } from '../support/faults/seeds';

const KILLS = 8;
const hook = join(import.meta.dirname, '../support/faults/dieAt.cjs');

describe('the death of the driving command line on Linux', function () {
  this.timeout(300_000);
  const newProject = useProjects();

  itWithSeeds('loses nothing and repeats nothing, at any moment, many times over', 1, async (random) => {
    const project = await newProject();
    project.writeSweep('{ id: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], sec: [0.05, 0.3], code: [0, 3] }', {
      run: '{ retries: 1 }',
    });
    for (let kill = 0; kill < KILLS; kill++) {
      const args = project.sweepDirs().length === 0 ? ['run', 'sweeps/fault.yaml'] : ['attach', 'last'];
      const driver = project.start(...args);
      await delay(random.int(100, 1_200));
      await driver.kill();
    }
    await finish(project, 1);
  });

  itWithSeeds('is survived at single changes of its files', 1, async (random) => {
    const counts = await countChanges(await newProject());
    const wanted = 10;
    for (let round = 0; round < wanted; round++) {
      const at = random.int(1, counts);
      const how = random.pick(['before', 'middle', 'after']);
      await dieOnce(await newProject(), at, how);
    }
  });

  async function dieOnce(project: FaultProject, at: number, how: string): Promise<void> {
    writeSmall(project);
    const env = { NODE_OPTIONS: `--require "${hook}"`, HSM_DIE_AT: String(at), HSM_DIE_HOW: how };
    const died = await project.startWith(env, 'run', 'sweeps/fault.yaml').ended();
    const told = `killed ${how} its change number ${at}`;
    // Whether the sweep exists is decided by one rename; before it, nothing may have been started.
    if (project.sweepDirs().length === 0) {
      assert.deepEqual(project.ledger().attempts, [], told);
      await project.hsm('run', 'sweeps/fault.yaml');
    }
    // Another one may come, and die too.
    await project.startWith({ ...env, HSM_DIE_AT: '3' }, 'attach', 'last').ended();
    try {
      await finish(project, 0);
    } catch (error) {
      throw new Error(`${told} (it ended with ${died ?? 'a signal'})`, { cause: error });
    }
  }

  /** How many changes of files one undisturbed run makes. */
  async function countChanges(project: FaultProject): Promise<number> {
    writeSmall(project);
    const counter = join(project.dir, 'count');
    const env = { NODE_OPTIONS: `--require "${hook}"`, HSM_DIE_COUNT: counter };
    assert.equal(await project.startWith(env, 'run', 'sweeps/fault.yaml').ended(), 0);
    return Number(readFileSync(counter, 'utf8'));
  }

  function writeSmall(project: FaultProject): void {
    project.writeSweep('{ id: [1, 2, 3], sec: [0, 0.1] }', { run: '{ retries: 1 }' });
  }

  async function finish(project: FaultProject, code: number): Promise<void> {
    const { code: actual, stderr } = await project.hsm('attach', 'last');
    assert.equal(actual, code, stderr);
    await checkAccounts(project);
  }
});
