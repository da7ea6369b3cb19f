import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/adapters/clock/systemClock';
import { SSHComputeSource } from '../../../src/adapters/remote/sshComputeSource';
import type { SshHost } from '../../../src/adapters/ssh/sshHost';
import type { SshSession } from '../../../src/adapters/ssh/sshSession';
import { silentLogger } from '../../../src/core/base/logger';
import type { SweepContext } from '../../../src/core/compute/computeSource';
import { describeComputeSource, type SourceFixture } from '../../contract/computeSourceContract';
import type { LoginShell } from '../../support/sshd/account';
import { openRigHost } from '../../support/sshd/rigHost';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { endRunner } from '../../support/runnerRig';
import { makeTempDir } from '../../support/tempDir';

/** What is least like the shells of whole sweeps, see sweep.test.ts. */
const shells: readonly LoginShell[] = ['tcsh', 'busybox'];

for (const shell of shells) {
  describe(`SSHComputeSource, logging in with ${shell}`, () => {
    const rigs = useSshd();
    let rig: SshdRig;
    let opened: { host: SshHost; session: SshSession };
    let made = 0;

    before(async () => {
      rig = await rigs.start({ shell });
      opened = await openRigHost(rig);
    });

    after(() => {
      opened.session.dispose();
    });

    describeComputeSource(`SSHComputeSource, ${shell}`, 'shared', () => {
      made += 1;
      return Promise.resolve(openSource(opened.host, join(rig.home, `root ${made}`)));
    });
  });
}

function openSource(host: SshHost, root: string): SourceFixture {
  const dir = makeTempDir();
  const sweepDir = join(dir.path, 'outputs', 'sweep');
  mkdirSync(sweepDir, { recursive: true });
  writeFileSync(join(dir.path, 'train.py'), 'print(1)\n');
  const context: SweepContext = { sweepId: 'contract', projectDir: dir.path, sweepDir, env: {}, setup: [] };
  const open = (): SSHComputeSource =>
    new SSHComputeSource({
      name: 'far',
      host,
      config: { type: 'ssh', host: 'far', root, code: 'snapshot', env: {}, setup: [] },
      projectId: 'project-1',
      slots: 2,
      clock: systemClock,
      log: silentLogger,
      graceSec: 1,
    });
  const source = open();
  return {
    source,
    context,
    reopen: open,
    openOther: () => {
      const other = { ...context, sweepId: 'other', sweepDir: join(dir.path, 'outputs', 'other') };
      mkdirSync(other.sweepDir);
      return { source: open(), context: other };
    },
    exits: (code) => ['sh', '-c', `exit ${code}`],
    hangs: () => ['sleep', '600'],
    close: async () => {
      await source.cleanup();
      // By the root's directory: everything of the runner and its tasks has it in its command or environment.
      await endRunner({ ...context, sweepDir: root, projectDir: `${root}/code/project-1` });
      dir.dispose();
    },
  };
}
