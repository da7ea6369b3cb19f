import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { HostProcess } from '../../../src/adapters/host/streamHost';
import { waitUntil } from '../../support/waitUntil';
import { SharedHost } from '../../support/sshd/sharedHost';
import { SOURCE, useCopies, verdicts, type Copies, type Copy } from './copies';

/** Notes which files are read there for their hash, and how often git is called. */
class WatchedHost extends SharedHost {
  bin = '/nowhere';

  override start(argv: readonly string[], signal: AbortSignal): Promise<HostProcess> {
    const [sh = 'sh', flag = '-c', script = '', ...rest] = argv;
    return super.start(
      [sh, flag, `PATH='${this.bin.replaceAll("'", `'\\''`)}':$PATH\n${script}`, ...rest],
      signal,
    );
  }
}

describe('what a comparison remembers', function () {
  this.timeout(60_000);
  let copies: Copies;
  let host: WatchedHost;
  let bin: Copy;
  const make = useCopies((made) => {
    copies = made;
  });

  function watch(): Copies {
    host = new WatchedHost();
    const made = make({ host, files: { 'a.py': 'a\n', 'b.py': 'b\n' } });
    bin = made.there;
    const path = process.env['PATH'] ?? '';
    const note = (name: string): string =>
      `#!/bin/sh\nPATH='${path}'\nprintf '%s\\n' "$@" >>"\${0%/*}/../${name}.log"\nexec ${name} "$@"\n`;
    for (const name of ['sha256sum', 'git']) bin.write(`../bin/${name}`, note(name), 0o755);
    host.bin = join(bin.dir, '../bin');
    return made;
  }

  /** Files that the next comparison reads there. */
  async function readByComparison(): Promise<string[]> {
    bin.write('../sha256sum.log', '');
    await copies.compare();
    const words = (bin.read('../sha256sum.log') ?? '').split('\n');
    return words.filter((word) => word.startsWith('./')).sort();
  }

  it('is the hash of every file there that is not committed: it is read again only when it changed', async () => {
    const { here, there } = watch();
    there.write('big.ckpt', 'x'.repeat(100_000)).write('b.py', 'edited there\n').write("it's\nodd", 'x');
    here.write('a.py', 'edited here\n');
    assert.deepEqual(await readByComparison(), ['./a.py', './b.py', './big.ckpt', "./it's"]);
    // What changed a moment ago may change again without showing it: for two seconds it is read each time.
    await waitUntil(
      'everything is known',
      async () => (await readByComparison()).length === 0 || undefined,
      20_000,
      200,
    );
    const found = verdicts(await copies.compare());
    assert.deepEqual(found, { 'a.py': 'push', 'b.py': 'pull', 'big.ckpt': 'pull', "it's\nodd": 'pull' });
    copies.sync = copies.reopen();
    assert.deepEqual(await readByComparison(), []);
    // The same size and time, other bytes.
    execFileSync('touch', ['-r', join(there.dir, 'big.ckpt'), join(there.dir, 'b.py')]);
    const time = join(there.dir, 'big.ckpt');
    execFileSync('cp', ['-p', time, `${there.dir}/../stamp`]);
    there.write('big.ckpt', 'y'.repeat(100_000));
    execFileSync('touch', ['-r', `${there.dir}/../stamp`, time]);
    assert.deepEqual(await readByComparison(), ['./b.py', './big.ckpt']);
    await copies.sync.pull(SOURCE);
    assert.equal(here.read('big.ckpt'), 'y'.repeat(100_000));
  });

  it('costs one call of git there but the status while nothing changed, and never misses what git is told to hide', async () => {
    const { there } = watch();
    await copies.compare();
    const hide = (...words: string[]): string => there.git('update-index', ...words, 'a.py');
    bin.write('../git.log', '');
    assert.equal((await copies.compare()).inSync, true);
    const calls = (bin.read('../git.log') ?? '').split('\n').filter((word) => /^[a-z]+-?[a-z]*$/.test(word));
    assert.deepEqual(calls, ['rev-parse', 'status']);
    hide('--assume-unchanged');
    assert.equal((await copies.compare()).inSync, true);
    there.write('a.py', 'edited\n');
    for (const look of [1, 2])
      assert.deepEqual(verdicts(await copies.compare()), { 'a.py': 'pull' }, `${look}`);
    hide('--no-assume-unchanged');
    there.git('checkout', 'a.py');
    assert.equal((await copies.compare()).inSync, true);
  });
});
