import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempDir } from '../../support/tempDir';
import { makeCopies, SOURCE, useCopies, verdicts, type Copies } from './copies';

describe('syncing what is special', function () {
  this.timeout(90_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  it('carries a rename that only changes case, as an addition and a delete', async () => {
    const { here, there } = make({ files: { 'readme.md': 'same text\n' } });
    here.git('mv', 'readme.md', 'README.md');
    const comparison = await copies.compare();
    assert.equal(comparison.files.find(({ path }) => path === 'README.md')?.renamedFrom, 'readme.md');
    await copies.sync.push(SOURCE, { files: ['README.md', 'readme.md'] });
    assert.deepEqual(there.tree(), { 'README.md': 'same text\n' });
  });

  it('carries a rename and a delete with commits, and uncommitted ones beside them', async () => {
    const { here, there } = make({ files: { a: 'text a\n', b: 'text b\n', 'd/c': 'text c\n' } });
    here.git('mv', 'a', 'a2');
    here.commit();
    here.git('mv', 'b', 'b2');
    here.remove('d');
    const comparison = await copies.compare();
    assert.deepEqual(verdicts(comparison), {
      a: 'deletedHere',
      a2: 'push',
      b: 'deletedHere',
      b2: 'push',
      'd/c': 'deletedHere',
    });
    assert.equal(comparison.files.find(({ path }) => path === 'a2')?.renamedFrom, 'a');
    await copies.sync.push(SOURCE, { files: ['b', 'b2', 'd/c'], commits: true });
    assert.deepEqual(there.tree(), here.tree());
  });

  it('brings commits over an edit that is left out of the sync, which stays as it is', async () => {
    for (const direction of ['push', 'pull'] as const) {
      const { here, there } = make({ exclude: ['local.yaml'], files: { 'local.yaml': '1\n', a: '1\n' } });
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      from.write('local.yaml', '2\n').write('a', '2\n').commit();
      to.write('local.yaml', 'mine\n');
      assert.equal((await copies.compare()).offer?.commits, direction);
      await copies.sync[direction](SOURCE);
      assert.deepEqual(to.tree(), { 'local.yaml': 'mine\n', a: '2\n' }, direction);
      assert.equal(to.git('rev-parse', 'HEAD'), from.git('rev-parse', 'HEAD'));
      assert.equal(to.git('status', '--porcelain'), ' M local.yaml');
      copies.dispose();
    }
  });

  it('pushes from a shallow clone, and to one', async () => {
    const { here, there } = make();
    there.write('train.py', 'two\n').commit();
    here.git('pull', '-q', there.dir, 'main');
    const dir = makeTempDir();
    try {
      for (const [from, to] of [
        [here, there],
        [there, here],
      ] as const) {
        from.git('fetch', '-q', '--depth=1', `file://${to.dir}`);
        from.write('train.py', `from ${from.dir}\n`).commit();
        await copies.compare();
        const { comparison } = await copies.sync[from === here ? 'push' : 'pull'](SOURCE);
        assert.equal(comparison?.inSync, true);
        assert.equal(there.read('train.py'), here.read('train.py'));
      }
    } finally {
      dir.dispose();
    }
  });

  it('works with linked working trees on both sides', async () => {
    const { here, there } = make();
    const linked = makeCopies();
    try {
      for (const [main, other] of [
        [here, linked.here],
        [there, linked.there],
      ] as const) {
        other.remove('.');
        main.git('worktree', 'add', '-q', '-b', 'linked', other.dir);
      }
      linked.here.write('train.py', 'two\n').commit();
      linked.here.write('configs/train.yaml', 'lr: 7\n');
      await linked.compare();
      assert.equal((await linked.sync.push(SOURCE)).comparison?.inSync, true);
      linked.there.write('train.py', 'three\n').commit();
      await linked.compare();
      assert.equal((await linked.sync.pull(SOURCE)).comparison?.inSync, true);
      assert.deepEqual(linked.there.tree(), linked.here.tree());
      assert.equal(linked.there.git('status', '--porcelain'), '');
    } finally {
      linked.dispose();
    }
  });

  it('carries bytes as they are where git would convert line endings, and is in sync then', async () => {
    const { here, there } = make();
    there.git('config', 'core.autocrlf', 'true');
    here.write('train.py', 'a\nb\r\nc\n');
    await copies.compare();
    const { comparison } = await copies.sync.push(SOURCE);
    assert.equal(there.read('train.py'), 'a\nb\r\nc\n');
    assert.equal(comparison?.inSync, true);
  });

  it('leaves files that a sparse checkout does not have out of its way', async () => {
    const { here, there } = make({ files: { a: '1', 'dir/b': '2' } });
    there.git('sparse-checkout', 'set', '--no-cone', '/a');
    here.write('a', 'x').write('dir/b', 'y').commit();
    await copies.compare();
    await copies.sync.push(SOURCE);
    assert.equal(there.read('a'), 'x');
    assert.equal(there.read('dir/b'), undefined);
    assert.equal(there.git('status', '--porcelain'), '');
  });

  it('compares a checkout that cannot be written, and says so when it is to be', async function () {
    const dir = makeTempDir();
    const mounted = join(dir.path, 'small');
    mkdirSync(mounted);
    if (spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', mounted]).status !== 0) {
      dir.dispose();
      make();
      this.skip();
    }
    try {
      const { here, there } = make({ checkoutDir: join(mounted, 'project') });
      execFileSync('mount', ['-o', 'remount,ro', mounted]);
      here.write('train.py', 'x');
      assert.deepEqual(verdicts(await copies.compare()), { 'train.py': 'push' });
      await assert.rejects(
        copies.sync.push(SOURCE),
        /cannot be written: .*(read-only|permission denied)\. Nothing was changed/,
      );
      assert.equal(there.read('train.py'), 'print(1)\n');
    } finally {
      execFileSync('umount', [mounted]);
      dir.dispose();
    }
  });

  it('goes through with hundreds of files', async () => {
    const { here, there } = make();
    for (let index = 0; index < 300; index++) here.write(`many/${index % 10}/f ${index}`, `${index}`);
    await copies.compare();
    await copies.sync.push(SOURCE);
    assert.deepEqual(there.tree(), here.tree());
    for (let index = 0; index < 300; index++) there.write(`many/${index % 10}/f ${index}`, `there ${index}`);
    await copies.compare();
    await copies.sync.pull(SOURCE);
    assert.deepEqual(there.tree(), here.tree());
  });

  it('remembers hashes of files that did not change, without git', async () => {
    const { here } = make({ git: 'none', files: { a: '1', b: '2' } });
    for (const path of ['a', 'b']) execFileSync('touch', ['-d', '2020-01-01', join(here.dir, path)]);
    await copies.compare();
    assert.equal((await copies.compare()).inSync, true);
    // Same size and time, other bytes: the change time tells.
    here.write('a', '9');
    execFileSync('touch', ['-d', '2020-01-01', join(here.dir, 'a')]);
    assert.deepEqual(verdicts(await copies.compare()), { a: 'push' });
  });
});
