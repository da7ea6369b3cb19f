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
  function open(
    condaEnv: string | undefined,
    setup: readonly string[] = [],
    variables: Readonly<Record<string, string>> = {},
    sourceEnv: Readonly<Record<string, string>> = {},
  ): RunnerRig {
    const env = { PATH: '/usr/bin:/bin', HOME: home.path, ...variables };
    return openRig(
      { slots: 1, host: new LocalHost(env) },
      { setup, env: sourceEnv, ...(condaEnv !== undefined && { condaEnv }) },
    );
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

  it('is one of conda that comes by a line of setup', async () => {
    write('apps/etc/profile.d/conda.sh', 'conda() { export KIND=conda NAME=$2; }\n');
    write('modules/init/sh', 'module() { export CONDA_EXE="$HOME/apps/bin/conda" MORE="$*"; }\n');
    const rig = open('ml', ['module load conda'], { MODULESHOME: join(home.path, 'modules') });
    assert.equal(await said(rig), 'conda of ml, then load conda\n');
  });

  it('has the modules that a login would have', async () => {
    write('modules/init/sh', 'module() { [ "$1" = load ] && export KIND=module NAME=$2; }\n');
    const rig = open(undefined, ['export MORE=it; module load cuda/12'], {
      MODULESHOME: join(home.path, 'modules'),
    });
    assert.equal(await said(rig), 'module of cuda/12, then it\n');
  });

  it('takes files in as bash does', async () => {
    write('bin/things.sh', 'export KIND="$1" NAME="$#"\n');
    assert.equal(await said(open(undefined, [`source ~/bin/things.sh given`])), 'given of 1, then \n');
  });

  it('is named when it cannot be had, and nothing is started', async () => {
    const { rig, trouble } = await fails('nowhere', []);
    assert.match(
      trouble,
      /environment "nowhere" cannot be activated on this machine.*conda was found neither/,
    );
    assert.match(readFileSync(join(rig.runDir, 'runner.log'), 'utf8'), /conda was found neither/);
  });

  it('names the line that failed, what it said, and what to do', async () => {
    const { trouble } = await fails(undefined, ['true', 'no-such-command here']);
    assert.match(
      trouble,
      /^No task is started\. The setup line "no-such-command here" failed on this machine\. It said: no-such-command: .*not found\./,
    );
    assert.match(trouble, /The command "no-such-command" is not on the PATH/);
  });

  it('names a line that ends the shell, and one that is no line of sh', async () => {
    const ended = await fails(undefined, ['echo "no license"; exit 3']);
    assert.match(
      ended.trouble,
      /exit 3" failed on this machine\. It said: no license \/ It ended the shell\./,
    );
    const broken = await fails(undefined, ['if true; fi']);
    assert.match(broken.trouble, /"if true; fi" failed .* It said: .*[Ss]yntax error/);
  });

  it('names a line that fails without the secrets in it and in what it said', async () => {
    const line = 'echo "for $DOOR_PASSWORD" && export HF_TOKEN=abc123def && false';
    const { trouble } = await fails(undefined, [line], { DOOR_PASSWORD: 'open-sesame-7' });
    assert.match(trouble, /HF_TOKEN=\[redacted\] && false" failed .* It said: for \[redacted\]\./);
    assert.doesNotMatch(trouble, /abc123def|open-sesame-7/);
  });

  it('is tried again when it is started again, and tells then what is still wrong', async () => {
    const { rig } = await fails(undefined, ['[ -e ready ]']);
    await rig.source.control({ slots: 1, paused: false }, signal);
    await untilBlocked(rig);
    writeFileSync(join(rig.projectDir, 'ready'), '');
    await rig.source.control({ slots: 1, paused: false }, signal);
    await rig.untilEnded(1);
    assert.equal((await rig.source.status(undefined, true, signal)).isBlocked, undefined);
  });

  async function fails(
    condaEnv: string | undefined,
    setup: readonly string[],
    sourceEnv: Readonly<Record<string, string>> = {},
  ): Promise<{ rig: RunnerRig; trouble: string }> {
    const rig = open(condaEnv, setup, {}, sourceEnv);
    await rig.submit(shellTask(1, 'true'));
    const trouble = await untilBlocked(rig);
    assert.deepEqual(await rig.records(), []);
    return { rig, trouble };
  }

  /** Until it says that a line failed since it was last told to start. */
  function untilBlocked(rig: RunnerRig): Promise<string> {
    return waitUntil('it is told', async () => {
      const { trouble, isBlocked } = await rig.source.status(undefined, true, signal);
      return isBlocked === true && trouble;
    });
  }
});
