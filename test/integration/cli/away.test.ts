import assert from 'node:assert/strict';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeSshConfig } from '../../support/sshd/sshConfig';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';
import { useSweepProject, type SweepProject } from './sweepProject';

const TASK = `#!/bin/sh
touch "$HOME/started"
sleep 600
`;

describe('a verb on a sweep whose host is away', function () {
  this.timeout(90_000);
  const rigs = useSshd();
  let rig: SshdRig;
  let project: SweepProject;

  before(async () => {
    rig = await rigs.start({ alias: 'gpubox' });
  });
  useSweepProject((made) => {
    project = made;
  });
  beforeEach(() => {
    writeSshConfig([rig], project.home);
    project.write(
      '.hsm/config.yaml',
      'project: { arguments: env }\nsources: { far: { type: ssh, host: gpubox, slots: 1 } }\n',
    );
    chmodSync(join(project.dir, project.write('wait.sh', TASK)), 0o755);
    project.write('sweeps/wait.yaml', 'script: wait.sh\nsweep: { grid: { seed: [1, 2] } }\n');
  });

  it('says who carries out the cancel, which the next one to attach does', async () => {
    assert.equal((await project.hsm('run', 'sweeps/wait.yaml', '--source', 'far', '--detach')).code, 0);
    await waitUntil('a task runs there', () => existsSync(join(rig.home, 'started')));
    await rig.stop();
    const { code, stderr } = await project.hsm('cancel', 'last');
    assert.equal(code, 3);
    assert.match(stderr, /gpubox/);
    assert.match(stderr, /is written down\. .* hsm attach last/);
    await rig.start();
    assert.equal((await project.status()).state, 'cancelling');
    const attached = await project.hsm('attach', 'last');
    assert.equal(attached.code, 1);
    const { state, cancelled } = await project.status();
    assert.deepEqual([state, cancelled], ['cancelled', 2]);
  });
});
