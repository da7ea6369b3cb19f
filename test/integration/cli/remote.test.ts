import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSshConfig } from '../../support/sshd/sshConfig';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';
import { useSweepProject, type SweepProject } from './sweepProject';

const TASK = `#!/bin/sh
echo "hello from task $HSM_TASK"
echo "trouble of task $HSM_TASK" >&2
while [ "\${HSM_PARAM_GATE-}" != "" ] && [ ! -e "$HOME/$HSM_PARAM_GATE" ]; do sleep 0.1; done
echo "goodbye"
exit "\${HSM_PARAM_CODE:-0}"
`;

describe('hsm on a host over SSH', function () {
  this.timeout(90_000);
  const rigs = useSshd();
  let rig: SshdRig;
  let gone: SshdRig;
  let project: SweepProject;

  before(async () => {
    rig = await rigs.start({ alias: 'gpubox' });
    gone = await rigs.start({ alias: 'gonebox' });
  });

  useSweepProject((made) => {
    project = made;
  });
  beforeEach(() => {
    writeSshConfig([rig], join(project.dir, 'home'));
    project.write(
      '.hsm/config.yaml',
      'project: { arguments: env }\nsources: { far: { type: ssh, host: gpubox, slots: 2 } }\n',
    );
    project.write('say.sh', TASK);
    chmodSync(join(project.dir, 'say.sh'), 0o755);
  });

  function writeSweep(parameters: string): string {
    return project.write('sweeps/say.yaml', `script: say.sh\nsweep: { grid: { ${parameters} } }\n`);
  }

  /** What lies under the source's root on the host. */
  function sweepsThere(): string[] {
    const root = join(rig.home, '.hsm/sweeps');
    return existsSync(root) ? readdirSync(root).flatMap((each) => readdirSync(join(root, each))) : [];
  }

  it('runs a sweep there, tells why a task failed, and has everything at home', async () => {
    const { code, stdout } = await project.hsm('run', writeSweep('code: [0, 3]'));
    assert.equal(code, 1);
    assert.match(stdout, /exit code 3; the last line of stderr: trouble of task 2/);
    assert.doesNotMatch(stdout, /still on far/);
    const tasks = join(await project.sweepDir(), 'tasks');
    const log = readFileSync(join(tasks, 'task_0001/stdout.log'), 'utf8');
    assert.equal(log, 'hello from task 1\ngoodbye\n');
  });

  it('removes there what is at home, and nothing before it is asked to', async () => {
    await project.hsm('run', writeSweep('code: [0]'));
    const before = sweepsThere();
    const listed = await project.hsm('clean', 'far');
    const { sweepId } = await project.status();
    assert.match(listed.stdout, new RegExp(`^${sweepId} +\\d`, 'm'));
    assert.match(listed.stderr, /Nothing was removed/);
    assert.deepEqual(sweepsThere(), before);
    const { code } = await project.hsm('clean', 'far', '--yes');
    assert.equal(code, 0);
    assert.ok(!sweepsThere().includes(sweepId));
  });

  it('follows what a task there prints while it prints it', async () => {
    assert.equal((await project.hsm('run', writeSweep('gate: [gate]'), '--detach')).code, 0);
    await project.waitForStatus('the task runs', ({ running }) => running === 1);
    const logs = project.start('logs', 'last', '1', '--follow');
    await waitUntil('the beginning is shown', () => logs.stdout === 'hello from task 1\n');
    writeFileSync(join(rig.home, 'gate'), '');
    const { code, stdout } = await logs.result();
    assert.deepEqual([code, stdout], [0, 'hello from task 1\ngoodbye\n']);
    assert.equal((await project.status()).state, 'succeeded');
  });

  it('fails to collect from a host that is gone, and collects from the others', async () => {
    writeSshConfig([gone], join(project.dir, 'home'));
    project.write(
      '.hsm/config.yaml',
      'project: { arguments: env }\nsources:\n  far: { type: ssh, host: gonebox, slots: 1 }\n  local: { type: local, slots: 1 }\n',
    );
    const file = writeSweep('gate: [gate, gate2]');
    await project.hsm('run', file, '--source', 'far', '--source', 'local', '--detach');
    await project.waitForStatus('both tasks run', ({ running }) => running === 2);
    await gone.stop();
    // The one here ends, and nobody can know of the other.
    for (const home of [gone.home, project.home]) {
      for (const gate of ['gate', 'gate2']) writeFileSync(join(home, gate), '');
    }
    const collected = await waitUntil('the task here is collected', async () => {
      const { code, stdout } = await project.hsm('collect', 'last', '--json');
      const reports = JSON.parse(stdout) as { source: string; collected: number[]; errors: string[] }[];
      return reports.some((report) => report.collected.length > 0) && { code, reports };
    }).finally(() => gone.start());
    assert.equal(collected.code, 3);
    const [far, local] = ['far', 'local'].map((name) =>
      collected.reports.find(({ source }) => source === name),
    );
    assert.deepEqual([far?.collected, far?.errors.length], [[], 1]);
    assert.match(far?.errors[0] ?? '', /gonebox/u);
    assert.deepEqual([local?.collected.length, local?.errors], [1, []]);
  });

  it('starts nothing when the script would not go along, and says what to do', async () => {
    project.write('.gitignore', 'say.sh\n');
    const { code, stderr } = await project.hsm('run', writeSweep('code: [0]'));
    assert.equal(code, 3);
    assert.match(stderr, /error: far: say\.sh is here.*not copied to far\.\n.*\.gitignore/);
    assert.equal(existsSync(join(project.dir, 'outputs')), false);
  });
});
