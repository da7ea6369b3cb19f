import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCopies, SOURCE, useCopies, verdicts, type Copies } from './copies';

/** Names that a shell, a command line or a line-based tool could misread. */
const HOSTILE = [
  '-rf',
  '--receive-pack=touch pwned',
  "it's",
  'two  blanks ',
  'new\nline',
  'tab\there',
  '$(touch pwned)',
  '`touch pwned`',
  'a"b\\c',
  '; touch pwned #',
  'ünïcödé-日本',
  '? x',
  '1 M. x',
  '\u0001end',
  '-dir/--x',
  "q'uo/te's",
  '*',
  '.hidden',
  '\\n',
];

describe('transferring between a workspace and its checkout', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  for (const kind of ['both', 'none', 'here', 'there'] as const) {
    it(`pushes edits and additions exactly, keeps backups, and is in sync then (git: ${kind})`, async () => {
      const { here, there } = make({ git: kind });
      await copies.compare();
      here.write('train.py', 'no newline').write('bin', Buffer.from([0, 255, 10, 13]));
      here.write('deep/er/run.sh', '#!/bin/sh\n', 0o755).link('link', '../outside');
      await copies.compare();
      const report = await copies.sync.push(SOURCE);
      assert.deepEqual(report.written, ['bin', 'deep/er/run.sh', 'link', 'train.py']);
      assert.deepEqual(report.backup?.files, ['train.py']);
      assert.deepEqual(there.tree(), here.tree());
      assert.equal(report.comparison?.inSync, true);
      assert.deepEqual(verdicts(report.comparison), {});
    });
  }

  it('calls equal edits on both sides equal: the files do not differ though both are uncommitted', async () => {
    const { here, there } = make();
    here.write('train.py', 'x');
    there.write('train.py', 'x');
    const comparison = await copies.compare();
    assert.deepEqual(comparison.files, []);
    assert.equal(comparison.inSync, true);
  });

  it('pulls edits and additions exactly, with backups here', async () => {
    const { here, there } = make();
    there.write('configs/train.yaml', 'lr: 3').write('new.sh', 'x', 0o755).link('l', 'train.py');
    await copies.compare();
    const report = await copies.sync.pull(SOURCE);
    assert.deepEqual(report.written, ['configs/train.yaml', 'l', 'new.sh']);
    assert.deepEqual(there.tree(), here.tree());
    assert.deepEqual(report.backup?.side, 'local');
    assert.equal(report.comparison?.inSync, true);
  });

  it('carries hostile names both ways and runs none of them', async () => {
    const { here, there } = make();
    for (const name of HOSTILE) here.write(name, `content of ${name}`);
    await copies.compare();
    await copies.sync.push(SOURCE);
    assert.deepEqual(there.tree(), here.tree());
    for (const name of HOSTILE) there.write(name, `changed ${name}`, 0o755);
    const comparison = await copies.compare();
    assert.deepEqual(new Set(Object.keys(verdicts(comparison))), new Set(HOSTILE));
    await copies.sync.pull(SOURCE);
    assert.deepEqual(there.tree(), here.tree());
    const backups = await copies.sync.backups(SOURCE);
    assert.deepEqual([...(backups[0]?.files ?? [])].sort(), [...HOSTILE].sort());
    await copies.sync.restore(SOURCE, backups[0] ?? { id: '', side: 'local' });
    for (const name of HOSTILE) assert.equal(here.read(name), `content of ${name}`);
    for (const copy of [here, there]) assert.ok(!existsSync(join(copy.dir, 'pwned')));
  });

  it('deletes only what is named, and keeps it', async () => {
    const { here, there } = make({ files: { a: '1', 'dir/b': '2', c: '3' } });
    here.remove('a').remove('dir');
    await copies.compare();
    assert.deepEqual((await copies.sync.push(SOURCE)).deleted, []);
    const report = await copies.sync.push(SOURCE, { files: ['dir/b'] });
    assert.deepEqual(report.deleted, ['dir/b']);
    assert.deepEqual(there.tree(), { a: '1', c: '3' });
    assert.ok(!existsSync(join(there.dir, 'dir')));
    await copies.sync.restore(SOURCE, report.backup ?? { id: '', side: 'remote' });
    assert.equal(there.read('dir/b'), '2');
  });

  it('asks before many deletes', async () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, `${index}`]));
    const { here } = make({ files });
    for (const path of Object.keys(files).slice(1)) here.remove(path);
    const comparison = await copies.compare();
    const choice = { files: comparison.files.map(({ path }) => path) };
    await assert.rejects(copies.sync.push(SOURCE, choice), /29 files would be deleted/);
    assert.equal((await copies.sync.push(SOURCE, choice, { agreed: 'everything' })).deleted.length, 29);
  });

  it('replaces a conflicting file only when it is named and confirmed, and keeps the other version', async () => {
    const { here, there } = make();
    here.write('train.py', 'here').write('ok.py', 'o');
    there.write('train.py', 'there');
    await copies.compare();
    assert.deepEqual((await copies.sync.push(SOURCE)).written, ['ok.py']);
    assert.equal(there.read('train.py'), 'there');
    await assert.rejects(copies.sync.push(SOURCE, { files: ['train.py'] }), /was changed in the checkout/);
    const { backup } = await copies.sync.push(SOURCE, { files: ['train.py'] }, { agreed: 'everything' });
    assert.equal(there.read('train.py'), 'here');
    assert.ok(backup);
    await copies.sync.restore(SOURCE, backup);
    assert.equal(there.read('train.py'), 'there');
    assert.equal((await copies.sync.backups(SOURCE)).length, 2);
  });

  it('notices a change on the receiving side since the comparison, and writes nothing', async () => {
    const { here, there } = make();
    here.write('train.py', 'here').write('new', 'n');
    await copies.compare();
    there.write('train.py', 'meanwhile');
    await assert.rejects(copies.sync.push(SOURCE), /train\.py changed on box since the comparison/);
    assert.deepEqual(there.tree(), { 'configs/train.yaml': 'lr: 1\n', 'train.py': 'meanwhile' });
    assert.equal(copies.sync.remote(SOURCE)?.comparison, undefined);
  });

  it('notices a change on the sending side since the comparison, and writes nothing', async () => {
    const { here, there } = make();
    here.write('train.py', 'here');
    there.write('other', 'there');
    await copies.compare();
    here.write('train.py', 'HERE');
    there.write('other', 'THERE');
    await assert.rejects(copies.sync.push(SOURCE), /train\.py changed here since the comparison/);
    await copies.compare();
    there.write('other', 'there again');
    await assert.rejects(copies.sync.pull(SOURCE), /other changed on box since the comparison/);
    assert.equal(there.read('train.py'), 'print(1)\n');
    assert.equal(here.read('other'), undefined);
    assert.ok(!there.isLocked());
    assert.ok(!here.isLocked());
  });

  it('remembers what was synced: a file that was pushed uncommitted and edited again is pushed again', async () => {
    const { here, there } = make();
    here.write('train.py', 'first');
    await copies.sync.push(SOURCE);
    here.write('train.py', 'second');
    copies.sync = copies.reopen();
    assert.deepEqual(verdicts(await copies.compare()), { 'train.py': 'push' });
    await copies.sync.push(SOURCE);
    assert.equal(there.read('train.py'), 'second');
    there.write('train.py', 'third');
    assert.deepEqual(verdicts(await copies.compare()), { 'train.py': 'pull' });
  });

  it('keeps both gits from seeing what the sync keeps', async () => {
    const { here, there } = make();
    here.write('train.py', 'x');
    there.write('configs/train.yaml', 'y');
    await copies.sync.push(SOURCE);
    await copies.sync.pull(SOURCE);
    for (const copy of [here, there])
      assert.doesNotMatch(copy.git('status', '--porcelain', '-uall'), /\.hsm/);
    assert.ok(existsSync(join(there.dir, '.hsm/sync/backups')));
  });

  it('keeps permissions of a file that it replaces', async () => {
    const { here, there } = make();
    here.write('train.py', 'x');
    there.write('train.py', 'print(1)\n', 0o600);
    await copies.sync.push(SOURCE);
    assert.equal(there.mode('train.py'), 0o600);
    there.write('configs/train.yaml', 'lr: 9', 0o755);
    here.write('configs/train.yaml', 'lr: 1\n', 0o640);
    await copies.compare();
    await copies.sync.pull(SOURCE);
    assert.equal(here.mode('configs/train.yaml'), 0o750);
  });

  it('never writes through a link of the receiving side', async () => {
    const { here, there } = make();
    here.write('data/x', 'from here');
    there.link('data', '../outside').write('../outside/y', '1');
    const comparison = await copies.compare();
    assert.match(comparison.files.find(({ path }) => path === 'data/x')?.blocked ?? '', /symbolic link/);
    await assert.rejects(
      copies.sync.push(SOURCE, { files: ['data/x'] }, { agreed: 'everything' }),
      /symbolic link/,
    );
    assert.ok(!existsSync(join(there.dir, '../outside/x')));
  });

  it('replaces a link to a folder itself, and never puts a file behind it', async () => {
    const { here, there } = make();
    there.write('../outside/y', '1');
    for (const [path, target] of [
      ['p', '../outside'],
      ['q', '../outside'],
    ] as const)
      there.link(path, target);
    here.write('p', 'a file').link('q', 'train.py');
    await copies.compare();
    const choice = { files: ['p', 'q'] };
    const { backup } = await copies.sync.push(SOURCE, choice, { agreed: 'everything' });
    assert.deepEqual([there.tree()['p'], there.tree()['q']], ['a file', '-> train.py']);
    await copies.sync.restore(SOURCE, backup ?? { id: '', side: 'remote' });
    assert.deepEqual([there.tree()['p'], there.tree()['q']], ['-> ../outside', '-> ../outside']);
    await copies.compare();
    await copies.sync.pull(SOURCE, choice, { agreed: 'everything' });
    assert.deepEqual(here.tree(), there.tree());
    assert.deepEqual(readdirSync(join(there.dir, '../outside')), ['y']);
  });

  it('never writes out of the workspace, whatever the remote says', async () => {
    const { here, there } = make();
    there.write('sub/x', 'evil');
    await copies.compare();
    here.link('sub', '..');
    await assert.rejects(copies.sync.pull(SOURCE), /changed here since the comparison/);
    assert.ok(!existsSync(join(here.dir, '..', 'x')));
  });

  it('reads a file of the remote for a diff', async () => {
    const { there } = make();
    const bytes = Buffer.from([0, 1, 2, 255, 10]);
    there.write('-a b', bytes);
    assert.deepEqual(Buffer.from((await copies.sync.readRemote(SOURCE, '-a b')) ?? []), bytes);
    assert.equal(await copies.sync.readRemote(SOURCE, 'none'), undefined);
    await assert.rejects(copies.sync.readRemote(SOURCE, '../x'), /leads out/);
  });

  it('asks before pushing under running tasks', async () => {
    const { here, there } = make();
    here.write('train.py', 'x');
    copies.running = 3;
    await assert.rejects(copies.sync.push(SOURCE), /3 tasks run from the checkout of gpubox now/);
    assert.equal(there.read('train.py'), 'print(1)\n');
    await copies.sync.push(SOURCE, {}, { agreed: 'everything' });
    assert.equal(there.read('train.py'), 'x');
  });

  it('lets one sync at a time change a checkout', async () => {
    const { here, there } = make();
    here.write('train.py', 'x');
    await copies.compare();
    there.write(
      '.hsm/sync/lock/holder',
      `${process.pid} ${readFileSync('/proc/sys/kernel/hostname', 'utf8').trim()}\n`,
    );
    await assert.rejects(copies.sync.push(SOURCE), /Another sync is at work/);
    there.write(
      '.hsm/sync/lock/holder',
      `999999999 ${readFileSync('/proc/sys/kernel/hostname', 'utf8').trim()}\n`,
    );
    await copies.sync.push(SOURCE);
    assert.equal(there.read('train.py'), 'x');
  });
});

describe('transferring commits', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  it('pushes commits as git objects and moves the branch of the checkout forward', async () => {
    const { here, there } = make();
    here.write('train.py', 'two\n').write('run', 'x', 0o755).remove('configs/train.yaml').commit();
    const head = here.write('more', 'm').commit();
    here.write('train.py', 'three\n');
    await copies.compare();
    const report = await copies.sync.push(SOURCE);
    assert.equal(report.commits, 2);
    assert.deepEqual(report.written, ['train.py']);
    assert.equal(there.git('rev-parse', 'main'), head);
    assert.equal(there.git('symbolic-ref', 'HEAD'), 'refs/heads/main');
    assert.deepEqual(there.tree(), here.tree());
    assert.equal(there.git('status', '--porcelain'), ' M train.py');
    assert.equal(there.git('for-each-ref', 'refs/hsm'), '');
    assert.equal(report.comparison?.inSync, true);
  });

  it('pulls commits the same way', async () => {
    const { here, there } = make();
    there.write('train.py', 'two\n').remove('configs/train.yaml').write('n', '1');
    const head = there.commit();
    there.write('train.py', 'dirty\n');
    await copies.compare();
    const report = await copies.sync.pull(SOURCE);
    assert.equal(report.commits, 1);
    assert.equal(here.git('rev-parse', 'main'), head);
    assert.deepEqual(there.tree(), here.tree());
    assert.equal(here.git('status', '--porcelain'), ' M train.py');
    assert.equal(report.comparison?.inSync, true);
  });

  it('pushes the commit of an edit that had been pushed before: the file there does not stand in its way', async () => {
    const { here, there } = make();
    here.write('train.py', 'edit').write('new.py', 'n');
    await copies.sync.push(SOURCE);
    here.commit();
    await copies.compare();
    const report = await copies.sync.push(SOURCE);
    assert.equal(report.comparison?.inSync, true);
    assert.equal(there.git('status', '--porcelain'), '');
    assert.equal(there.git('rev-parse', 'HEAD'), here.git('rev-parse', 'HEAD'));
    here.write('train.py', 'edit 2');
    await copies.compare();
    await copies.sync.push(SOURCE);
    here.write('train.py', 'edit 3').commit();
    await copies.compare();
    assert.equal((await copies.sync.push(SOURCE)).comparison?.inSync, true);
    assert.equal(there.git('status', '--porcelain'), '');
    assert.equal(there.read('train.py'), 'edit 3');
  });

  it('keeps an edit there that the commits do not touch', async () => {
    const { here, there } = make();
    here.write('train.py', 'two').commit();
    there.write('configs/train.yaml', 'edited there');
    await copies.compare();
    await copies.sync.push(SOURCE);
    assert.equal(there.read('configs/train.yaml'), 'edited there');
    assert.equal(there.git('status', '--porcelain'), ' M configs/train.yaml');
  });

  it('refuses commits over an edit there, until that file is chosen', async () => {
    const { here, there } = make();
    here.write('train.py', 'two').commit();
    there.write('train.py', 'edited there');
    await copies.compare();
    await assert.rejects(
      copies.sync.push(SOURCE),
      /The commits change train\.py, which was edited in the checkout too/,
    );
    const choice = { files: ['train.py'], commits: true };
    await assert.rejects(copies.sync.push(SOURCE, choice), /needs your word/);
    const report = await copies.sync.push(SOURCE, choice, { agreed: 'everything' });
    assert.deepEqual(report.backup?.files, ['train.py']);
    assert.equal(there.git('status', '--porcelain'), '');
    assert.equal(there.read(`.hsm/sync/backups/${report.backup.id}/files/train.py`), 'edited there');
  });

  it('refuses commits over an untracked or ignored file there', async () => {
    const { here, there } = make();
    here.write('new.py', 'n').commit();
    there.write('new.py', 'untracked there');
    await copies.compare();
    await assert.rejects(copies.sync.push(SOURCE), /new\.py/);
    there.write('.git/info/exclude', 'new.py\n');
    await copies.compare();
    await assert.rejects(copies.sync.push(SOURCE), /new\.py/);
    assert.equal(there.read('new.py'), 'untracked there');
    assert.notEqual(there.git('rev-parse', 'HEAD'), here.git('rev-parse', 'HEAD'));
  });

  it('refuses to rewind or to merge, and says what to do', async () => {
    const { here, there } = make();
    there.write('train.py', 'two').commit();
    await copies.compare();
    await assert.rejects(copies.sync.push(SOURCE), /commits that the workspace lacks/);
    here.write('x', 'y').commit();
    await copies.compare();
    await assert.rejects(copies.sync.push(SOURCE), /Both sides have commits/);
    await assert.rejects(copies.sync.pull(SOURCE), /Both sides have commits/);
  });

  it('sends single files past commits', async () => {
    const { here, there } = make();
    here.write('a.py', '1').commit();
    here.write('configs/train.yaml', 'lr: 5');
    await copies.compare();
    const report = await copies.sync.push(SOURCE, { files: ['configs/train.yaml'] });
    assert.equal(report.commits, 0);
    assert.equal(there.read('configs/train.yaml'), 'lr: 5');
    assert.equal(there.read('a.py'), undefined);
    assert.match(report.comparison?.verdict ?? '', /1 commit behind/);
  });

  it('asks when the commits would move another branch', async () => {
    const { here, there } = make();
    there.git('checkout', '-q', '-b', 'experiment');
    here.write('train.py', 'two').commit();
    await copies.compare();
    await assert.rejects(copies.sync.push(SOURCE), /the branch main, the checkout on the branch experiment/);
    await copies.sync.push(SOURCE, {}, { agreed: 'everything' });
    assert.equal(there.git('rev-parse', 'experiment'), here.git('rev-parse', 'main'));
  });

  it('fills a repository without commits, from here and from there', async () => {
    const { here, there } = make();
    there.git('checkout', '-q', '--orphan', 'main2');
    there.git('rm', '-rqf', '.');
    there.git('branch', '-D', 'main');
    there.git('branch', '-m', 'main');
    await copies.compare();
    const report = await copies.sync.push(SOURCE);
    assert.deepEqual(there.tree(), here.tree());
    assert.equal(report.comparison?.inSync, true);
    here.git('checkout', '-q', '--orphan', 'main2');
    here.git('rm', '-rqf', '.');
    here.git('branch', '-D', 'main');
    here.git('branch', '-m', 'main');
    await copies.compare();
    assert.equal((await copies.sync.pull(SOURCE)).comparison?.inSync, true);
    assert.deepEqual(there.tree(), here.tree());
  });

  it('runs no hook of either side', async () => {
    const { here, there } = make();
    for (const copy of [here, there])
      for (const hook of ['post-merge', 'post-checkout', 'reference-transaction'])
        copy.write(`.git/hooks/${hook}`, '#!/bin/sh\ntouch "$PWD/hooked"\n', 0o755);
    here.git('config', 'core.fsmonitor', `touch ${here.dir}/monitored; false`);
    here.git(
      '-c',
      'core.hooksPath=/dev/null',
      '-c',
      'core.fsmonitor=',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'x',
    );
    await copies.compare();
    await copies.sync.push(SOURCE);
    there.git('-c', 'core.hooksPath=/dev/null', 'commit', '-q', '--allow-empty', '-m', 'y');
    await copies.compare();
    await copies.sync.pull(SOURCE);
    for (const copy of [here, there]) {
      assert.ok(!existsSync(join(copy.dir, 'hooked')));
      assert.ok(!existsSync(join(copy.dir, 'monitored')));
    }
  });

  it('works where the project is a folder of its repository', async () => {
    make();
    const whole = makeCopies({ files: { 'pro ject/train.py': '1', 'other/x': '1' } });
    const sub = makeCopies({ git: 'none' });
    try {
      const { CheckoutSync } = await import('../../../src/adapters/sync/checkoutSync');
      const { SharedHost } = await import('../../support/sshd/sharedHost');
      const { ProjectSync } = await import('../../../src/core/sync/projectSync');
      const { systemClock } = await import('../../../src/adapters/clock/systemClock');
      const { silentLogger } = await import('../../../src/core/base/logger');
      const port = new CheckoutSync({
        source: SOURCE,
        projectDir: join(whole.here.dir, 'pro ject'),
        host: new SharedHost(),
        checkout: join(whole.there.dir, 'pro ject'),
        output: 'outputs',
        exclude: [],
        clock: systemClock,
        log: silentLogger,
      });
      const sync = new ProjectSync({
        places: () => [{ source: SOURCE, host: 'box', checkout: 'x' }],
        open: () => port,
        runningTasks: () => 0,
        learnRunningTasks: () => Promise.resolve(),
        clock: systemClock,
      });
      whole.here.write('pro ject/train.py', '2').write('other/x', '2').commit();
      whole.here.write('pro ject/train.py', '3').write('other/x', '3');
      whole.there.write('pro ject/new', 'n').write('other/y', 'n');
      assert.deepEqual(verdicts(await sync.compare(SOURCE)), { 'train.py': 'push', new: 'pull' });
      await sync.push(SOURCE);
      await sync.pull(SOURCE);
      assert.equal(whole.there.read('pro ject/train.py'), '3');
      assert.equal(whole.there.read('other/x'), '2');
      assert.equal(whole.here.read('pro ject/new'), 'n');
      assert.equal(whole.here.read('other/y'), undefined);
    } finally {
      whole.dispose();
      sub.dispose();
    }
  });
});
