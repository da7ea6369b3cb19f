import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSetup, type CheckPlace } from '../../../src/adapters/direct/setupCheck';
import type { Surroundings } from '../../../src/adapters/direct/runnerFiles';
import { LocalHost } from '../../../src/adapters/host/localHost';
import type { HealthFinding } from '../../../src/core/compute/computeSource';
import { shellsHere } from '../../support/shells';
import { makeTempDir } from '../../support/tempDir';
import { waitUntil } from '../../support/waitUntil';

const signal = new AbortController().signal;

describe('A try of what prepares the environment of tasks', function () {
  this.timeout(30_000);
  let home: ReturnType<typeof makeTempDir>;

  beforeEach(() => {
    home = makeTempDir();
    mkdirSync(join(home.path, 'tmp'));
    mkdirSync(join(home.path, 'project'));
  });

  afterEach(() => {
    home.dispose();
  });

  /** What loading a module does there. */
  function modules(body: string): void {
    mkdirSync(join(home.path, 'init'), { recursive: true });
    writeFileSync(join(home.path, 'init', 'sh'), `module() {\n${body}\n}\n`);
  }

  function check(
    surroundings: Partial<Surroundings>,
    place: CheckPlace = { projectDir: join(home.path, 'project') },
    caller = signal,
  ): Promise<HealthFinding | undefined> {
    const { path } = home;
    const env = { PATH: '/usr/bin:/bin', HOME: path, MODULESHOME: path, TMPDIR: join(path, 'tmp') };
    return checkSetup(new LocalHost(env), { env: {}, setup: [], ...surroundings }, place, caller);
  }

  for (const shell of shellsHere()) {
    const placed = (): CheckPlace => ({
      shell: shell.path(home.path),
      projectDir: join(home.path, 'project'),
    });

    it(`passes in ${shell.name} what a slot could use, with the variables of the source`, async () => {
      modules('[ "$2$FAR" = cudaaway ] && ! read -r line');
      assert.equal(await check({ env: { FAR: 'away' }, setup: ['module load cuda'] }, placed()), undefined);
    });

    it(`tells in ${shell.name} which line fails, what it said and what helps`, async () => {
      modules('echo "says $2"; [ "$2" = fine ] || no-such-command');
      const finding = await check({ setup: ['module load fine', 'module load cuda'] }, placed());
      assert.equal(finding?.severity, 'error');
      assert.match(
        finding.text,
        /^The setup line "module load cuda" failed on this machine\. It said: says cuda \/ .*no-such-command: .*not found\. The command "no-such-command" is not on the PATH/,
      );
      assert.doesNotMatch(finding.text, /fine/);
      assert.match(finding.fix ?? '', /setup of the source/);
    });

    it(`tells in ${shell.name} of a line that ends the shell`, async () => {
      modules('echo over; exit 0');
      const finding = await check({ setup: ['module load cuda'] }, placed());
      assert.match(finding?.text ?? '', /load cuda" failed .* It said: over \/ It ended the shell\./);
    });

    it(`sees in ${shell.name} the end of lines that send the shell's output elsewhere`, async () => {
      modules('exec >"$HOME/log" 2>&1; [ "$2" != bad ]');
      const place = placed();
      assert.equal(await check({ setup: ['module load a', 'module load b'] }, place), undefined);
      const finding = await check({ setup: ['module load a', 'module load bad'] }, place);
      assert.match(finding?.text ?? '', /"module load bad" failed/);
    });

    it(`ends in ${shell.name} a line that hangs, with all that it started`, async () => {
      modules('echo $$ >"$HOME/pid"; sh -c \'echo $$ >>"$HOME/pid"; sleep 1000; :\'');
      const finding = await check({ setup: ['module load slow'] }, { ...placed(), limitSec: 1 });
      assert.equal(finding?.severity, 'warning');
      assert.match(
        finding.text,
        /on this machine: The setup line "module load slow" did not end within 1 seconds?\.$/,
      );
      await untilGone();
    });

    it(`ends in ${shell.name} a line that floods, with all that it started`, async () => {
      modules('echo $$ >"$HOME/pid"; while :; do echo flood; done');
      const finding = await check({ setup: ['module load loud'] }, placed());
      assert.equal(finding?.severity, 'warning');
      assert.match(finding.text, /"module load loud" printed too much\.$/);
      await untilGone();
    });

    it(`leaves nothing in ${shell.name} when who asked has gone`, async () => {
      modules('echo $$ >"$HOME/pid"; sleep 1000');
      const caller = new AbortController();
      const answer = check({ setup: ['module load slow'] }, { shell: shell.path(home.path) }, caller.signal);
      const rejected = assert.rejects(answer);
      await waitUntil('the line runs', () => existsSync(join(home.path, 'pid')));
      caller.abort();
      await rejected;
      await untilGone();
      await waitUntil('its directory is gone', () => tries().length === 0);
    });
  }

  it('tries nothing that could destroy anything, wherever the project is', async () => {
    const projectDir = join(home.path, 'project');
    for (const dir of [home.path, projectDir]) {
      mkdirSync(join(dir, 'data'));
      writeFileSync(join(dir, 'data', 'precious'), '');
    }
    const setup = ['rm -rf data && mkdir data', 'module load nothing'];
    assert.equal(await check({ setup }, {}), undefined);
    assert.equal(await check({ setup }, { projectDir }), undefined);
    for (const dir of [home.path, projectDir]) assert.ok(existsSync(join(dir, 'data', 'precious')));
  });

  it('tries without the project in an empty directory, which it removes, and only warns', async () => {
    modules('pwd >"$HOME/where"; ls -A | wc -l >>"$HOME/where"; true >made; false');
    const finding = await check({ setup: ['module load cuda'] }, {});
    assert.equal(finding?.severity, 'warning');
    const [where = '', files] = readFileSync(join(home.path, 'where'), 'utf8').split('\n');
    assert.equal(join(where, '..'), realpathSync(join(home.path, 'tmp')));
    assert.equal(files?.trim(), '0');
    assert.deepEqual(tries(), []);
  });

  it('refuses no start for lines that need the project while that is not there', async () => {
    assert.equal(await check({ setup: ['. ./scripts/env.sh'] }, {}), undefined);
    assert.equal(await check({ condaEnv: '.venv' }, {}), undefined);
  });

  it('tells of an environment that is not there', async () => {
    const finding = await check({ condaEnv: '~/venv' });
    assert.match(finding?.text ?? '', /^The environment "~\/venv" cannot be activated on this machine/);
    assert.equal(finding?.severity, 'error');
    assert.equal((await check({ condaEnv: '~/venv' }, {}))?.severity, 'warning');
  });

  it('says nothing of a missing conda that a line may bring which is not tried', async () => {
    assert.equal(await check({ condaEnv: 'ml', setup: ['. ~/conda.sh'] }), undefined);
    modules(':');
    const finding = await check({ condaEnv: 'ml', setup: ['module load conda'] });
    assert.match(finding?.text ?? '', /"ml" cannot be activated/);
  });

  it('shows no secrets', async () => {
    modules('echo "refused: $DOOR_PASSWORD"; false');
    const finding = await check({ env: { DOOR_PASSWORD: 'open-sesame-7' }, setup: ['module load cuda'] });
    assert.match(finding?.text ?? '', /It said: refused: \[redacted\]/);
  });

  function tries(): string[] {
    return readdirSync(join(home.path, 'tmp'));
  }

  async function untilGone(): Promise<void> {
    const pids = readFileSync(join(home.path, 'pid'), 'utf8').trim().split('\n').map(Number);
    await waitUntil('its processes are gone', () => !pids.some(isAlive));
  }
});

/** One that ended and that nobody has asked for yet is no process any more. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
