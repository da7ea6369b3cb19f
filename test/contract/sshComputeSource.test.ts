import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/adapters/clock/systemClock';
import { LocalHost } from '../../src/adapters/host/localHost';
import { SSHComputeSource } from '../../src/adapters/remote/sshComputeSource';
import { silentLogger } from '../../src/core/base/logger';
import type { SweepContext } from '../../src/core/compute/computeSource';
import { endRunner } from '../support/runnerRig';
import { makeTempDir } from '../support/tempDir';
import { describeComputeSource, type SourceFixture } from './computeSourceContract';

describeComputeSource('SSHComputeSource on a directory of this machine', 'shared', openAway);

/** The far side is another directory: what a source does there is the same whatever the host. */
function openAway(): Promise<SourceFixture> {
  const dir = makeTempDir();
  const projectDir = join(dir.path, 'project');
  const sweepDir = join(projectDir, 'outputs', 'sweep');
  const root = join(dir.path, 'far');
  mkdirSync(sweepDir, { recursive: true });
  writeFileSync(join(projectDir, 'train.py'), 'print(1)\n');
  const context: SweepContext = { sweepId: 'contract', projectDir, sweepDir, env: {}, setup: [] };
  const open = (): SSHComputeSource =>
    new SSHComputeSource({
      name: 'far',
      host: new LocalHost(),
      config: { type: 'ssh', host: 'far', root, code: 'snapshot', env: {}, setup: [] },
      projectId: 'project-1',
      slots: 2,
      clock: systemClock,
      log: silentLogger,
      graceSec: 1,
    });
  const source = open();
  return Promise.resolve({
    source,
    context,
    reopen: open,
    openOther: () => {
      const other = { ...context, sweepId: 'other', sweepDir: join(projectDir, 'outputs', 'other') };
      mkdirSync(other.sweepDir);
      return { source: open(), context: other };
    },
    exits: (code) => ['sh', '-c', `exit ${code}`],
    hangs: () => ['sleep', '600'],
    close: async () => {
      await source.cleanup();
      await endRunner({ ...context, sweepDir: dir.path });
      dir.dispose();
    },
  });
}
