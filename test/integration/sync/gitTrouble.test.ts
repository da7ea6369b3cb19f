import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { HsmError } from '../../../src/core/base/errors';
import { Copy, SOURCE, useCopies, type Copies } from './copies';
import { DyingHost } from './dyingHost';

/** Trouble is not a difference: `hsm` ends with another code. */
describe('a repository that git cannot work in', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  async function checkTrouble(step: Promise<unknown>, words: RegExp): Promise<string> {
    const error = await step.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(HsmError.is(error, 'command.failed'), String(error));
    assert.match(error.message, words);
    return error.message;
  }

  for (const side of ['here', 'there'] as const) {
    const where = side === 'here' ? /in the workspace here/ : /check'out on box/;

    it(`is told as trouble where its index is damaged (${side})`, async () => {
      make()[side].write('.git/index', 'garbage');
      const told = await checkTrouble(copies.compare(), /index file (corrupt|smaller)|bad (index|signature)/);
      assert.match(told, where);
      assert.doesNotMatch(told, /Nothing was changed/);
    });

    it(`is told as trouble where somebody else owns it, with where to do what git advises (${side})`, async function () {
      if (process.getuid?.() !== 0) this.skip();
      make();
      execFileSync('chown', ['-R', '12345', copies[side].dir]);
      const told = await checkTrouble(copies.compare(), /dubious ownership/);
      assert.match(told, where);
      if (side === 'there') assert.match(told, /What it advises is to be done on box\.$/);
    });
  }

  it('is told as trouble where it does not take commits, and nothing changed', async () => {
    const host = new DyingHost();
    const { here, there } = make({ host });
    const real = execFileSync('sh', ['-c', 'command -v git']).toString().trim();
    const fake = `#!/bin/sh\ncase " $* " in *" fetch "*) echo 'fatal: bad bundle' >&2; exit 1 ;; esac\nexec ${real} "$@"\n`;
    host.bin = new Copy(join(here.dir, '..', 'bin')).write('git', fake, 0o755).dir;
    here.write('train.py', 'two\n').commit();
    await copies.compare();
    const before = there.git('rev-parse', 'HEAD');
    await checkTrouble(
      copies.sync.push(SOURCE),
      /does not take the commits .*nothing was changed.*bad bundle/,
    );
    assert.equal(there.git('rev-parse', 'HEAD'), before);
    assert.equal(there.read('train.py'), 'print(1)\n');
  });
});
