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

  it('tells of a line of setup that cannot work there', async () => {
    const { state, findings = [] } = await check(['true', 'no-such-command']);
    assert.equal(state, 'unhealthy');
    const [{ text, fix, severity } = { text: '', fix: '', severity: '' }] = findings;
    assert.equal(severity, 'error');
    assert.match(text, /The setup line "no-such-command" failed on this machine/);
    assert.match(fix ?? '', /setup of the source/);
  });

  it('tells of an environment that is not there', async () => {
    const { state, problems } = await check([], '/no/such/venv');
    assert.equal(state, 'unhealthy');
    assert.match(problems.join('\n'), /"\/no\/such\/venv" cannot be activated/);
  });

  it('says nothing of lines that work', async () => {
    assert.doesNotMatch((await check(['true'])).problems.join('\n'), /setup/);
  });
});
