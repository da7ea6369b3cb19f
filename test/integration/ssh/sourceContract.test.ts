import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/adapters/clock/systemClock';
import { SSHComputeSource } from '../../../src/adapters/remote/sshComputeSource';
import { openSshConfig } from '../../../src/adapters/ssh/config/openSshConfig';
import { connectOpenSsh } from '../../../src/adapters/ssh/openssh/openSshTransport';
import { SshHost } from '../../../src/adapters/ssh/sshHost';
import { SshSession } from '../../../src/adapters/ssh/sshSession';
import { silentLogger } from '../../../src/core/base/logger';
import { NO_SECRETS } from '../../../src/core/compute/connectionPrompts';
import type { SweepContext } from '../../../src/core/compute/computeSource';
import { describeComputeSource, type SourceFixture } from '../../contract/computeSourceContract';
import type { LoginShell } from '../../support/sshd/account';
import { openRigHost } from '../../support/sshd/rigHost';
import type { SshClientHome } from '../../support/sshd/sshConfig';
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

describe('SSHComputeSource by the ssh of the system', () => {
  const rigs = useSshd();
  let rig: SshdRig;
  let opened: { host: SshHost; session: SshSession };
  let made = 0;

  before(async () => {
    rig = await rigs.start();
    opened = await openBySystemSsh(rigs.client(rig), rig.alias);
  });

  after(() => {
    opened.session.dispose();
  });

  describeComputeSource('SSHComputeSource over OpenSSH', 'shared', () => {
    made += 1;
    return Promise.resolve(openSource(opened.host, join(rig.home, `root ${made}`)));
  });
});

async function openBySystemSsh(
  { home, configFile, env }: SshClientHome,
  alias: string,
): Promise<{ host: SshHost; session: SshSession }> {
  const configFiles = [{ path: configFile, isUsers: true }];
  const target = await openSshConfig(silentLogger, { home, env: {}, configFiles }).resolve(alias);
  const options = { target, prompts: undefined, secrets: NO_SECRETS, clock: systemClock, log: silentLogger };
  const ssh = { ...options, env: { ...env, SSH_AUTH_SOCK: undefined } };
  const transport = await connectOpenSsh(ssh, new AbortController().signal);
  const session = new SshSession(transport, alias, silentLogger);
  return { session, host: new SshHost(alias, () => Promise.resolve(session), silentLogger) };
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
