import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalHost } from '../../../src/adapters/host/localHost';
import { shellTask, useRigs, type RunnerRig } from '../../support/runnerRig';
import { makeTempDir } from '../../support/tempDir';
import { waitUntil } from '../../support/waitUntil';

const signal = new AbortController().signal;

describe('The environment that tasks run in', function () {
  this.timeout(30_000);
  const openRig = useRigs();
  let home: ReturnType<typeof makeTempDir>;

  beforeEach(() => {
    home = makeTempDir();
  });

  afterEach(() => {
    home.dispose();
  });

  function write(path: string, text: string): void {
    mkdirSync(join(home.path, path, '..'), { recursive: true });
    writeFileSync(join(home.path, path), text);
  }

  /** The home is this test's, and conda is not on the PATH. */
  function open(condaEnv: string, setup: readonly string[] = []): RunnerRig {
    const env = { PATH: '/usr/bin:/bin', HOME: home.path };
    return openRig({ slots: 1, host: new LocalHost(env) }, { condaEnv, setup });
  }

  async function said(rig: RunnerRig): Promise<string> {
    await rig.submit(shellTask(1, 'echo "$KIND of $NAME, then $MORE"'));
    await rig.untilEnded(1);
    return rig.read(1, 'stdout.log');
  }

  it('is a virtual environment by its path', async () => {
    write('my venv/bin/activate', 'export KIND=venv NAME="$hsm_env"\n');
    assert.equal(await said(open('~/my venv')), `venv of ${home.path}/my venv, then \n`);
  });

  it('is one of conda, which is found where it usually is, before the lines of setup', async () => {
    write('miniforge3/etc/profile.d/conda.sh', 'conda() { export KIND=conda NAME=$2; }\n');
    assert.equal(await said(open('ml', ['export MORE="$NAME too"'])), 'conda of ml, then ml too\n');
  });

  it('is named when it cannot be had, and nothing is started', async () => {
    const rig = open('nowhere');
    await rig.submit(shellTask(1, 'true'));
    await waitUntil('it is told', async () => {
      const { trouble } = await rig.source.status(undefined, true, signal);
      return trouble?.includes('conda_env: nowhere');
    });
    assert.deepEqual(await rig.records(), []);
    assert.match(readFileSync(join(rig.runDir, 'runner.log'), 'utf8'), /conda was found neither/);
  });
});
