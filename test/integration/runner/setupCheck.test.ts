import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSetup, type CheckPlace } from '../../../src/adapters/direct/setupCheck';
import type { Surroundings } from '../../../src/adapters/direct/runnerFiles';
import { LocalHost } from '../../../src/adapters/host/localHost';
import type { HealthFinding } from '../../../src/core/compute/computeSource';
import { shellsHere } from '../../support/shells';
import { makeTempDir } from '../../support/tempDir';

const signal = new AbortController().signal;

describe('A try of what prepares the environment of tasks', function () {
  this.timeout(30_000);
  let home: ReturnType<typeof makeTempDir>;

  beforeEach(() => {
    home = makeTempDir();
  });

  afterEach(() => {
    home.dispose();
  });

  function check(
    surroundings: Partial<Surroundings>,
    place: CheckPlace = {},
  ): Promise<HealthFinding | undefined> {
    const host = new LocalHost({ PATH: '/usr/bin:/bin', HOME: home.path, MODULESHOME: home.path });
    return checkSetup(host, { env: {}, setup: [], ...surroundings }, place, signal);
  }

  for (const shell of shellsHere()) {
    it(`passes in ${shell.name} what a slot could use, with the variables of the source`, async () => {
      mkdirSync(join(home.path, 'init'));
      writeFileSync(join(home.path, 'init', 'sh'), 'module() { [ "$2" = cuda ]; }\n');
      writeFileSync(join(home.path, 'mine.sh'), 'KNOWN=1\n');
      const setup = ['module load cuda', 'source ~/mine.sh', '[ "$KNOWN$FAR" = 1away ]', '! read -r line'];
      const place = { shell: shell.path(home.path) };
      assert.equal(await check({ env: { FAR: 'away' }, setup }, place), undefined);
    });

    it(`tells in ${shell.name} which line fails, what it said and what helps`, async () => {
      const finding = await check(
        { setup: ['echo fine', 'no-such-command'] },
        { shell: shell.path(home.path) },
      );
      assert.equal(finding?.severity, 'error');
      assert.match(
        finding.text,
        /^The setup line "no-such-command" failed on this machine\. It said: no-such-command: .*not found\. The command "no-such-command" is not on the PATH/,
      );
      assert.doesNotMatch(finding.text, /fine/);
      assert.match(finding.fix ?? '', /setup of the source/);
    });

    it(`tells in ${shell.name} of a line that ends the shell`, async () => {
      const finding = await check({ setup: ['echo over; exit 0'] }, { shell: shell.path(home.path) });
      assert.match(finding?.text ?? '', /exit 0" failed .* It said: over \/ It ended the shell\./);
    });
  }

  it('tells of an environment that is not there', async () => {
    const finding = await check({ condaEnv: '~/venv', setup: ['true'] });
    assert.match(finding?.text ?? '', /^The environment "~\/venv" cannot be activated on this machine/);
    assert.equal(finding?.severity, 'error');
  });

  it('only warns of what may fail because the code is not there yet', async () => {
    const setup = ['[ -e settings/site.sh ]'];
    assert.equal((await check({ setup }))?.severity, 'warning');
    assert.equal((await check({ setup }, { projectDir: home.path }))?.severity, 'error');
    mkdirSync(join(home.path, 'settings'));
    writeFileSync(join(home.path, 'settings', 'site.sh'), '');
    assert.equal(await check({ setup }, { projectDir: home.path }), undefined);
  });
});
