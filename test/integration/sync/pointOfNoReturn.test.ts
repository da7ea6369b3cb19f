import assert from 'node:assert/strict';
import { join } from 'node:path';
import { quoteWord } from '../../../src/core/base/shellWord';
import { waitUntil } from '../../support/waitUntil';
import { Copy, SOURCE, useCopies, type Copies } from './copies';
import { DyingHost } from './dyingHost';

describe('a push that is cancelled', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  it('tells what it did when the checkout had all of it and went on to the end', async () => {
    const host = new DyingHost();
    const { here, there } = make({ host });
    const bin = new Copy(join(here.dir, '..', 'bin'));
    const [began, go] = [join(bin.dir, 'began'), join(bin.dir, 'go')];
    here.write('train.py', 'two\n').write('new.py', 'n\n');
    const shown = await copies.compare();
    const wait = `true >${quoteWord(began)}; until [ -e ${quoteWord(go)} ]; do sleep 0.05; done`;
    bin.write('cmp', `#!/bin/sh\n${wait}\nPATH=\${PATH#*:}\nexec cmp "$@"\n`, 0o755);
    host.bin = bin.dir;
    const abort = new AbortController();
    const push = copies.sync.push(SOURCE, {}, { shown, signal: abort.signal });
    await waitUntil('the checkout has everything', () => bin.exists('began'));
    abort.abort();
    bin.write('go', '');
    const { written, comparison, notCompared } = await push;
    assert.deepEqual(written, ['new.py', 'train.py']);
    assert.deepEqual([comparison, notCompared], [undefined, undefined]);
    assert.deepEqual(there.tree(), here.tree());
    assert.ok(!there.isLocked());
  });

  it('changes nothing before that', async () => {
    const { here, there } = make();
    here.write('train.py', 'two\n');
    const shown = await copies.compare();
    const abort = new AbortController();
    abort.abort();
    const push = copies.sync.push(SOURCE, {}, { shown, signal: abort.signal });
    await assert.rejects(push, { name: 'AbortError' });
    assert.equal(there.read('train.py'), 'print(1)\n');
  });
});
