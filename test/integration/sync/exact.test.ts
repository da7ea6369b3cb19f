import assert from 'node:assert/strict';
import { appendFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/adapters/clock/systemClock';
import { CheckoutSync } from '../../../src/adapters/sync/checkoutSync';
import { silentLogger } from '../../../src/core/base/logger';
import { SharedHost } from '../../support/sshd/sharedHost';
import { SOURCE, useCopies, type Copies } from './copies';

describe('a transfer in detail', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  it('keeps and finds executable bits where this machine has none, as Windows', async () => {
    const { here, there } = make({ files: { 'plain.py': '1' } });
    for (const copy of [here, there]) copy.write('run.sh', '1', 0o755).commit();
    here.write('new.sh', 'new').write('new.py', 'new').git('add', '-A');
    here.git('update-index', '--chmod=+x', 'new.sh');
    here.write('run.sh', '2', 0o644).write('plain.py', '2');
    const port = new CheckoutSync({
      source: SOURCE,
      projectDir: here.dir,
      host: new SharedHost(),
      checkout: there.dir,
      output: 'outputs',
      exclude: [],
      clock: systemClock,
      log: silentLogger,
    });
    const signal = new AbortController().signal;
    const { local, remote } = await port.look(signal);
    const files = ['new.py', 'new.sh', 'plain.py', 'run.sh'].map((path) => {
      const [next, expected] = [local.contents.get(path), remote.contents.get(path)];
      assert.ok(next?.kind === 'file');
      return {
        path,
        next: { kind: next.kind, sha256: next.sha256 },
        expected: expected ?? ({ kind: 'absent' } as const),
      };
    });
    await port.transfer({ direction: 'push', files, needsWord: [] }, signal, () => undefined);
    const modes = Object.fromEntries(files.map(({ path }) => [path, there.mode(path)]));
    assert.deepEqual(modes, { 'new.py': 0o644, 'new.sh': 0o755, 'plain.py': 0o644, 'run.sh': 0o755 });
  });

  it('names a file that grows while it is sent, and leaves everything as it is', async () => {
    const { here, there } = make();
    here.write('a.log', '').write('train.py', 'new');
    truncateSync(join(here.dir, 'a.log'), 48 * 1024 * 1024);
    await copies.compare();
    const growing = setInterval(() => {
      appendFileSync(join(here.dir, 'a.log'), 'more\n');
    }, 1);
    try {
      await assert.rejects(copies.sync.push(SOURCE), /a\.log changed here since the comparison/);
    } finally {
      clearInterval(growing);
    }
    assert.equal(there.read('train.py'), 'print(1)\n');
    assert.equal(there.exists('a.log'), false);
  });

  for (const direction of ['push', 'pull'] as const) {
    it(`puts nothing back behind a link that came since (${direction})`, async () => {
      const { here, there } = make({ files: { 'dir/a': '1', b: '1' } });
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      from.write('dir/a', '2').write('b', '2');
      await copies.compare();
      const { backup } = await copies.sync[direction](SOURCE);
      assert.ok(backup);
      to.remove('dir').write('../outside/x', 'theirs').link('dir', '../outside');
      await assert.rejects(
        copies.sync.restore(SOURCE, backup, { files: ['dir/a'] }),
        /dir\/a cannot be put back/,
      );
      assert.equal(to.exists('../outside/a'), false);
      await copies.sync.restore(SOURCE, backup, { files: ['b'] });
      assert.equal(to.read('b'), '1');
    });
  }
});
