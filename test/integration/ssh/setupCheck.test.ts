import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSetup } from '../../../src/adapters/direct/setupCheck';
import type { SshHost } from '../../../src/adapters/ssh/sshHost';
import type { SshSession } from '../../../src/adapters/ssh/sshSession';
import { openRigHost } from '../../support/sshd/rigHost';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';

const signal = new AbortController().signal;

describe('A try of what prepares the environment of tasks over SSH', function () {
  this.timeout(60_000);
  const rigs = useSshd();
  let rig: SshdRig;
  let opened: { host: SshHost; session: SshSession };

  before(async () => {
    rig = await rigs.start();
    opened = await openRigHost(rig);
    mkdirSync(join(rig.home, 'init'));
    const body = 'echo "loads $2"; echo $$ >"$HOME/pid.$2"; case $2 in slow) sleep 1000 ;; *) false ;; esac';
    writeFileSync(join(rig.home, 'init', 'sh'), `module() {\n${body}\n}\n`);
  });

  after(() => {
    opened.session.dispose();
  });

  function check(
    module: string,
    caller = signal,
    limitSec = 60,
  ): Promise<{ readonly text: string } | undefined> {
    const surroundings = { env: { MODULESHOME: rig.home }, setup: [`module load ${module}`] };
    return checkSetup(opened.host, surroundings, { limitSec }, caller);
  }

  it('tells which line fails and what it said', async () => {
    const finding = await check('cuda');
    assert.match(finding?.text ?? '', /^The setup line "module load cuda" failed on .* said: loads cuda\./);
  });

  it('ends a line that hangs, and all that it started', async () => {
    const finding = await check('slow', signal, 1);
    assert.match(finding?.text ?? '', /"module load slow" did not end within 1 seconds\.$/);
    await waitUntil('it is gone', () => !isAlive('pid.slow'));
  });

  it('leaves nothing when who asked has gone', async () => {
    writeFileSync(join(rig.home, 'pid.slow'), '');
    const caller = new AbortController();
    const rejected = assert.rejects(check('slow', caller.signal));
    await waitUntil('the line runs', () => readFileSync(join(rig.home, 'pid.slow'), 'utf8') !== '');
    caller.abort();
    await rejected;
    await waitUntil('it is gone', () => !isAlive('pid.slow'));
  });

  function isAlive(file: string): boolean {
    const pid = readFileSync(join(rig.home, file), 'utf8').trim();
    const status = `/proc/${pid}/status`;
    return existsSync(status) && !/^State:\s+[ZX]/m.test(readFileSync(status, 'utf8'));
  }
});
