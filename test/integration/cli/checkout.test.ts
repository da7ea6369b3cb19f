import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git, skipUnless } from '../../support/requirement';
import { writeSshConfig } from '../../support/sshd/sshConfig';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';
import { useSweepProject, type SweepProject } from './sweepProject';

/** Its tasks wait for a file at the host, and nobody here follows them. */
const TASK = `#!/bin/sh
touch "$HOME/started$HSM_TASK"
until [ -e "$HOME/open" ]; do sleep 0.05; done
`;

describe('a checkout whose tasks nobody follows', function () {
  this.timeout(60_000);
  const rigs = useSshd();
  let rig: SshdRig;
  let project: SweepProject;

  before(async function () {
    skipUnless(this, git);
    rig = await rigs.start({ alias: 'gpubox' });
  });
  useSweepProject((made) => {
    project = made;
  });
  beforeEach(() => {
    writeSshConfig([rig], project.home);
    project.write('.gitignore', 'home/\noutputs/\n.hsm/sync/\n');
    project.write(
      '.hsm/config.yaml',
      'project: { arguments: env }\nsources: { box: { type: ssh, host: gpubox, slots: 2, checkout: ~/copy } }\n',
    );
    chmodSync(join(project.dir, project.write('wait.sh', TASK)), 0o755);
    project.write('sweeps/wait.yaml', 'script: wait.sh\nsweep: { grid: { seed: [1, 2] } }\n');
    const commit = ['-c', 'user.name=dana', '-c', 'user.email=dana@example.org', 'commit', '-qm', 'first'];
    for (const args of [['init', '-q'], ['add', '-A'], commit])
      execFileSync('git', args, { cwd: project.dir });
    execFileSync('git', ['clone', '-q', project.dir, join(rig.home, 'copy')]);
  });

  it('is pushed to under running tasks only after telling their number, and without a word when they are over', async () => {
    const { stderr, code } = await project.hsm('run', 'sweeps/wait.yaml', '--source', 'box', '--detach');
    assert.equal(code, 0, stderr);
    await waitUntil('both run', () => [1, 2].every((task) => existsSync(join(rig.home, `started${task}`))));
    project.write('train.py', 'new\n');
    const push = () => project.hsm('sync', 'push', '--source', 'box');
    const refused = await push();
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /2 tasks run from the checkout of box/);

    writeFileSync(join(rig.home, 'open'), '');
    let pushed = await push();
    await waitUntil('both are over, which nobody else looks for', async () => {
      if (pushed.code !== 0) pushed = await push();
      return pushed.code === 0;
    });
    assert.match(pushed.stdout + pushed.stderr, /pushed 1 file/);
  });
});
