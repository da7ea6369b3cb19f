import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { checkAccounts } from '../support/faults/accounts';
import { useProjects } from '../support/faults/faultProject';
import { itWithSeeds } from '../support/faults/seeds';
import { waitUntil } from '../support/waitUntil';

describe('several command lines on one sweep on Linux', function () {
  this.timeout(180_000);
  const newProject = useProjects();

  itWithSeeds('never drive it both, whoever stops, dies or asks for what', 1, async (random) => {
    const project = await newProject();
    project.writeSweep('{ id: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], sec: [0.1, 0.4], code: [0, 3] }');
    const drivers = [project.start('run', 'sweeps/fault.yaml')];
    await project.untilStarted(2);
    drivers.push(project.start('attach', 'last'));
    const askedAgain = new Set<number>();
    for (let round = 0; round < 6; round++) {
      const victim = random.pick(drivers);
      const what = random.pick(['stop', 'kill', 'verb', 'verb', 'verb'] as const);
      if (what === 'stop') {
        victim.signal('SIGSTOP');
        await delay(random.int(100, 1_500));
        victim.signal('SIGCONT');
      } else if (what === 'kill') {
        await victim.kill();
        drivers.splice(drivers.indexOf(victim), 1, project.start('attach', 'last'));
      } else {
        const task = random.int(1, 48);
        const verbs = [
          ['pause', 'last'],
          ['resume', 'last'],
          ['slots', 'last', 'local', String(random.int(1, 4))],
          ['cancel', 'last', '--tasks', String(task)],
          ['rerun', 'last', '--tasks', String(task), '--detach'],
        ];
        const verb = random.pick(verbs);
        if (verb[0] === 'rerun') askedAgain.add(task);
        const { code, stderr } = await project.hsm(...verb);
        // Over already, or not final yet: said, and nothing is changed.
        assert.ok(code === 0 || code === 2, `${verb.join(' ')}: ${code ?? 'a signal'} ${stderr}`);
      }
    }
    await project.hsm('resume', 'last');
    const { code } = await project.hsm('attach', 'last');
    assert.equal(code, 1);
    await Promise.all(drivers.map((driver) => driver.ended()));
    await checkAccounts(project, { askedAgain });
  });

  it('leave it to a driver that is stopped and continued, and lose nothing of what was asked meanwhile', async () => {
    const project = await newProject();
    project.writeSweep('{ id: [1, 2, 3, 4, 5, 6], sec: [0.3] }');
    const driver = project.start('run', 'sweeps/fault.yaml');
    await project.untilStarted(1);
    driver.signal('SIGSTOP');
    const second = project.start('attach', 'last');
    await waitUntil('the second follows', () => second.stderr.includes('driven by process'));
    // All is handed over: the tasks go on though the driver sleeps.
    await project.untilStarted(6);
    const asked = project.start('slots', 'last', 'local', '3');
    await delay(500);
    driver.signal('SIGCONT');
    assert.deepEqual(
      await Promise.all([driver.ended(), second.ended(), asked.ended()]),
      [0, 0, 0],
      asked.stderr,
    );
    await checkAccounts(project);
    assert.equal(project.ledger().attempts.length, 6);
  });

  it('tell whoever asks that a stopped driver does not answer', async () => {
    const project = await newProject();
    project.writeSweep('{ id: [1, 2], sec: [2] }');
    const driver = project.start('run', 'sweeps/fault.yaml');
    await project.untilStarted(2);
    driver.signal('SIGSTOP');
    const { code, stderr } = await project.hsm('cancel', 'last');
    assert.equal(code, 3);
    assert.match(stderr, /did not answer within 15 s; nothing was changed/);
    driver.signal('SIGCONT');
    assert.equal(await driver.ended(), 0, 'the request was taken back');
    await checkAccounts(project);
  });
});
