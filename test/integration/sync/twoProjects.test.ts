import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { quoteWord } from '../../../src/core/base/shellWord';
import { waitUntil } from '../../support/waitUntil';
import { Copy, openSync, SOURCE, useCopies } from './copies';
import { DyingHost } from './dyingHost';

const FILES = { 'one/train.py': 'one\n', 'two/train.py': 'two\n' };

describe('two projects in one repository', function () {
  this.timeout(60_000);
  const path = process.env['PATH'] ?? '';
  const make = useCopies(() => undefined);
  afterEach(() => {
    process.env['PATH'] = path;
  });

  for (const direction of ['push', 'pull'] as const) {
    it(`leave each other's commits alone that are just arriving (${direction})`, async () => {
      const { here, there } = make({ files: FILES });
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      const head = from.write('one/train.py', 'new\n').write('two/more.py', 'new\n').commit();
      const bin = new Copy(join(here.dir, '..', 'bin'));
      const [merges, go] = ['merges', 'go'].map((name) => quoteWord(join(bin.dir, name)));
      const waits = `echo "$@" >>${merges ?? ''}; until [ -e ${go ?? ''} ]; do sleep 0.05; done`;
      bin.write(
        'git',
        `#!/bin/sh\nPATH='${path}'\ncase "$*" in *' merge '*) ${waits} ;; esac\nexec git "$@"\n`,
        0o755,
      );
      process.env['PATH'] = `${bin.dir}:${path}`;
      const host = new DyingHost();
      host.bin = bin.dir;
      const [one, two] = ['one', 'two'].map((folder) =>
        openSync({ projectDir: join(here.dir, folder), checkout: join(there.dir, folder), host }),
      );
      assert.ok(one && two);
      await one.compare(SOURCE);
      await two.compare(SOURCE);
      const first = one[direction](SOURCE);
      await waitUntil('the first is at its merge', () => bin.exists('merges'));
      await assert.rejects(two[direction](SOURCE), /nother git command is at work.*index\.lock/);
      bin.write('go', '');
      const { comparison } = await first;
      assert.equal(comparison?.inSync, true);
      assert.equal(to.git('rev-parse', 'HEAD'), head);
      assert.equal(to.git('status', '--porcelain'), '');
      assert.deepEqual(
        readdirSync(join(to.dir, '.git')).filter((name) => /hsm|lock/.test(name)),
        [],
      );
      assert.equal(to.git('for-each-ref', 'refs/hsm'), '');
      assert.equal((await two.compare(SOURCE)).inSync, true);
    });
  }
});
