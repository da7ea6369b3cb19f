import assert from 'node:assert/strict';
import { join } from 'node:path';
import { checkAccounts } from '../support/faults/accounts';
import { DAMAGES, type Damage } from '../support/faults/damage';
import { useProjects, type FaultProject } from '../support/faults/faultProject';
import { itWithSeeds } from '../support/faults/seeds';

const damages = Object.keys(DAMAGES) as Damage[];
const TASKS = 24;

describe('damaged files of a sweep on Linux', function () {
  this.timeout(120_000);
  const newProject = useProjects();

  for (const damage of damages) {
    itWithSeeds(`a ${damage} journal in the middle of a sweep costs nothing`, 1, async (random) => {
      const project = await newProject();
      await runHalf(project);
      DAMAGES[damage](join(project.sweepDir(), 'journal.jsonl'), random);
      await finish(project);
      await checkEachRanOnce(project);
    });

    itWithSeeds(`a ${damage} journal after the end changes no state`, 1, async (random) => {
      const project = await newProject();
      project.writeSweep('{ id: [1, 2, 3, 4, 5], sec: [0, 0.1], code: [0, 3] }');
      assert.equal((await project.hsm('run', 'sweeps/fault.yaml')).code, 1);
      const before = await project.status();
      DAMAGES[damage](join(project.sweepDir(), 'journal.jsonl'), random);
      await project.hsm('attach', 'last');
      const after = await checkAccounts(project);
      const states = (tasks: typeof before.tasks): string[] => tasks.map(({ state }) => state);
      assert.deepEqual(states(after.tasks), states(before.tasks));
      await checkEachRanOnce(project);
    });

    itWithSeeds(
      `a ${damage} log of the runner costs no more than what it no longer tells`,
      1,
      async (random) => {
        const project = await newProject();
        await runHalf(project);
        DAMAGES[damage](join(project.runnerDir(), 'events'), random);
        await finish(project);
        await checkAccounts(project, { evidenceDestroyed: damage !== 'repeated' });
        if (damage === 'repeated') await checkEachRanOnce(project);
      },
    );
  }

  itWithSeeds(
    'a zeroed journal of several sources lets none run what waits at another',
    2,
    async (random) => {
      const project = await newProject({ sources: ['local', 'other'], slots: 1 });
      await runHalf(project, '{ sources: [local, other] }');
      DAMAGES.zeroed(join(project.sweepDir(), 'journal.jsonl'), random);
      await finish(project);
      await checkAccounts(project);
      const starts = project.ledger().attempts.map(({ task }) => task);
      assert.equal(new Set(starts).size, starts.length, 'a task ran twice');
    },
  );

  async function runHalf(project: FaultProject, run = '{}'): Promise<void> {
    project.writeSweep('{ id: [1, 2, 3, 4, 5, 6, 7, 8], sec: [0, 0.1, 0.3] }', { run });
    const driver = project.start('run', 'sweeps/fault.yaml');
    await project.untilStarted(TASKS / 2);
    await driver.kill();
  }

  async function finish(project: FaultProject): Promise<void> {
    const { code, stdout, stderr } = await project.hsm('attach', 'last');
    assert.equal(code, 0, `${stdout}\n${stderr}`);
  }

  async function checkEachRanOnce(project: FaultProject): Promise<void> {
    await checkAccounts(project);
    const repeated = project.ledger().attempts.filter(({ attempt }) => attempt > 1);
    assert.deepEqual(repeated, [], 'a task ran again though all is known of its first attempt');
  }
});
