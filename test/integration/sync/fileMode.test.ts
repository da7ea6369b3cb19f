import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { Copy, SOURCE, useCopies, verdicts, type Copies, type CopiesOptions } from './copies';
import { DyingHost } from './dyingHost';

const FILES = { 'run.sh': 'one\n', 'train.py': 'one\n' };
const isExecutable = (copy: Copy, path: string): boolean => (copy.mode(path) & 0o100) !== 0;

describe('the executable bit where git says that it means nothing', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  /** Both have an executable file and one that is not; git then ignores the bit on one side or both. */
  function prepare(blind: readonly ('here' | 'there')[], options: CopiesOptions = {}): Copies {
    const made = make({ files: FILES, git: 'none', ...options });
    const { here, there } = made;
    for (const copy of [here, there]) chmodSync(join(copy.dir, 'run.sh'), 0o755);
    if (options.git !== 'there') here.git('init', '-q', '-b', 'main');
    if (options.git !== 'here') there.git('init', '-q', '-b', 'main');
    if (options.git === undefined) {
      here.commit('first');
      there.git('fetch', '-q', here.dir, 'main');
      there.git('reset', '-q', '--hard', 'FETCH_HEAD');
    }
    for (const side of blind) made[side].git('config', 'core.fileMode', 'false');
    return made;
  }

  for (const blind of [['here'], ['there'], ['here', 'there']] as const) {
    it(`makes no file differ: ${blind.join(' and ')}`, async () => {
      const { here, there } = prepare(blind);
      chmodSync(join(here.dir, 'train.py'), 0o755);
      chmodSync(join(there.dir, 'run.sh'), 0o644);
      assert.deepEqual(verdicts(await copies.compare()), {});
      here.write('run.sh', 'two\n', 0o755);
      there.write('run.sh', 'two\n', 0o644);
      assert.deepEqual(verdicts(await copies.compare()), {});
    });

    for (const direction of ['push', 'pull'] as const) {
      for (const perl of ['with Perl', 'without Perl'] as const) {
        if (direction === 'pull' && perl === 'without Perl') continue;
        it(`is not lost where a file arrives: a ${direction}, ${blind.join(' and ')}, ${perl}`, async () => {
          const host = new DyingHost();
          const { here, there } = prepare(blind, { host });
          if (perl === 'without Perl') {
            const bin = new Copy(join(here.dir, '..', 'bin')).write('perl', '#!/bin/sh\nexit 1\n', 0o755);
            host.bin = bin.dir;
          }
          const [from, to] = direction === 'push' ? [here, there] : [there, here];
          from.write('run.sh', 'two\n', 0o644).write('train.py', 'two\n', 0o644);
          from.write('new.sh', 'new\n', 0o755).git('add', 'new.sh');
          from.git('update-index', '--chmod=+x', 'new.sh');
          assert.deepEqual(Object.keys(verdicts(await copies.compare())), ['new.sh', 'run.sh', 'train.py']);
          const { comparison } = await copies.sync[direction](SOURCE);
          assert.equal(comparison?.inSync, true);
          assert.equal(to.read('run.sh'), 'two\n');
          // The sender's bit counts only where both sides know one.
          assert.equal(isExecutable(to, 'run.sh'), true);
          assert.equal(isExecutable(to, 'train.py'), false);
          assert.equal(isExecutable(to, 'new.sh'), true);
        });
      }
    }
  }

  for (const git of ['here', 'there'] as const) {
    it(`makes no file differ where only one side has git: ${git}`, async () => {
      const { here, there } = prepare([git], { git });
      chmodSync(join(here.dir, 'train.py'), 0o755);
      chmodSync(join(there.dir, 'run.sh'), 0o644);
      assert.deepEqual(verdicts(await copies.compare()), {});
      // The second look knows the hashes.
      assert.deepEqual(verdicts(await copies.compare()), {});
      here.write('run.sh', 'two\n', 0o755);
      await copies.compare();
      await copies.sync.push(SOURCE);
      assert.equal(there.read('run.sh'), 'two\n');
      assert.equal((await copies.compare()).inSync, true);
    });
  }

  it('does not matter on a disk that takes no permissions', async () => {
    const host = new DyingHost();
    const { here, there } = prepare(['there'], { host });
    const bin = new Copy(join(here.dir, '..', 'bin'));
    bin.write('perl', '#!/bin/sh\nexit 1\n', 0o755);
    bin.write('chmod', '#!/bin/sh\necho "chmod: Operation not permitted" >&2\nexit 1\n', 0o755);
    host.bin = bin.dir;
    here.write('run.sh', 'two\n', 0o755).write('new.sh', 'new\n', 0o755).write('new.py', 'new\n');
    await copies.compare();
    const { comparison } = await copies.sync.push(SOURCE);
    assert.equal(comparison?.inSync, true);
    assert.equal(there.read('run.sh'), 'two\n');
  });

  it('still differs and travels where git looks at it', async () => {
    const { here, there } = prepare([]);
    chmodSync(join(here.dir, 'train.py'), 0o755);
    assert.deepEqual(verdicts(await copies.compare()), { 'train.py': 'push' });
    await copies.sync.push(SOURCE);
    assert.equal(isExecutable(there, 'train.py'), true);
  });
});
