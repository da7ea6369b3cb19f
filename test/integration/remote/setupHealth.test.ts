import { strict as assert } from 'node:assert';
import { systemClock } from '../../../src/adapters/clock/systemClock';
import { LocalHost } from '../../../src/adapters/host/localHost';
import { SSHComputeSource } from '../../../src/adapters/remote/sshComputeSource';
import { silentLogger } from '../../../src/core/base/logger';
import type { HealthReport } from '../../../src/core/compute/computeSource';
import { makeTempDir } from '../../support/tempDir';

describe('The check of a source on another machine', function () {
  this.timeout(30_000);

  async function check(setup: readonly string[], condaEnv?: string): Promise<HealthReport> {
    const dir = makeTempDir();
    const source = new SSHComputeSource({
      name: 'far',
      host: new LocalHost(),
      config: {
        type: 'ssh',
        host: 'far',
        root: dir.path,
        code: 'snapshot',
        env: {},
        setup,
        ...(condaEnv !== undefined && { condaEnv }),
      },
      projectId: 'project-1',
      slots: 2,
      clock: systemClock,
      log: silentLogger,
    });
    try {
      return await source.healthCheck(new AbortController().signal);
    } finally {
      await source.cleanup();
      dir.dispose();
    }
  }

  it('warns of a line of setup that cannot work there, before the code is there', async () => {
    const { findings = [] } = await check(['module load no-such-tool']);
    const found = findings.filter(({ text }) => text.includes('no-such-tool'));
    assert.deepEqual(
      found.map(({ severity }) => severity),
      ['warning'],
    );
    assert.match(found[0]?.text ?? '', /The setup line "module load no-such-tool" failed on this machine/);
    assert.ok(found[0]?.fix);
  });

  it('warns of an environment that is not there', async () => {
    const { problems } = await check([], '/no/such/venv');
    assert.match(problems.join('\n'), /"\/no\/such\/venv" cannot be activated/);
  });

  it('says nothing of lines that it does not try', async () => {
    assert.doesNotMatch((await check(['. ./scripts/env.sh'])).problems.join('\n'), /setup|environment/);
  });
});
