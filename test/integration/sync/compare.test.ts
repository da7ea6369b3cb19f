import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { makeCopies, SOURCE, useCopies, verdicts, type Copies } from './copies';

describe('comparing a workspace with its checkout', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  it('finds two clean clones in sync', async () => {
    make();
    const comparison = await copies.compare();
    assert.equal(comparison.inSync, true);
    assert.equal(comparison.method, 'git');
    assert.equal(comparison.verdict, 'in sync');
    assert.equal(comparison.local.commit, copies.here.git('rev-parse', 'HEAD'));
    assert.equal(comparison.remote.branch, 'main');
  });

  it('finds edits, additions and deletions of both sides', async () => {
    const { here, there } = make({ files: { a: '1', b: '2', c: '3', d: '4', 'x y/é': '5' } });
    here.write('a', 'edited here').remove('b').write('new here', 'n');
    there.write('c', 'edited there').remove('d').write('new there', 'n').write('x y/é', '6');
    assert.deepEqual(verdicts(await copies.compare()), {
      a: 'push',
      b: 'deletedHere',
      c: 'pull',
      d: 'deletedThere',
      'new here': 'push',
      'new there': 'pull',
      'x y/é': 'pull',
    });
  });

  it('counts commits that one side lacks, and names their files', async () => {
    const { here, there } = make();
    here.write('train.py', 'print(2)\n').commit();
    here.write('more.py', 'new\n').commit();
    const ahead = await copies.compare();
    assert.equal(ahead.verdict, 'remote is 2 commits behind');
    assert.deepEqual(verdicts(ahead), { 'train.py': 'push', 'more.py': 'push' });
    assert.deepEqual([ahead.ahead, ahead.behind], [2, 0]);
    there.git('pull', '-q');
    there.write('train.py', 'print(3)\n').commit();
    const behind = await copies.compare();
    assert.equal(behind.verdict, 'remote is 1 commit ahead');
    assert.deepEqual(verdicts(behind), { 'train.py': 'pull' });
  });

  it('tells diverged histories, whoever knows whose commits, and allows neither direction', async () => {
    const { here, there } = make();
    here.write('train.py', 'here\n').commit();
    there.write('train.py', 'there\n').write('other', 'o').commit();
    here.write('configs/train.yaml', 'lr: 2\n');
    const comparison = await copies.compare();
    assert.match(comparison.verdict, /diverged: 1 commit only here, 1 commit only there/);
    assert.deepEqual(verdicts(comparison), {
      'configs/train.yaml': 'push',
      'train.py': 'conflict',
      other: 'pull',
    });
    assert.equal(comparison.safe.push.safe, false);
    here.git('fetch', '-q', there.dir);
    assert.deepEqual(verdicts(await copies.compare()), verdicts(comparison));
  });

  it('tells unrelated histories', async () => {
    const { there } = make();
    there.git('checkout', '-q', '--orphan', 'other');
    there.commit('another beginning');
    assert.match((await copies.compare()).verdict, /unrelated history/);
  });

  it('compares executable bits and links, and never follows a link', async () => {
    const { here, there } = make({ files: { run: '1', link: 'x' } });
    here.write('run', '1', 0o755).link('link', '/etc/passwd');
    there.link('dangling', 'nowhere');
    const comparison = await copies.compare();
    assert.deepEqual(verdicts(comparison), { run: 'push', link: 'push', dangling: 'pull' });
    assert.equal(
      comparison.files.find(({ path }) => path === 'run')?.note,
      'Only the executable bit differs.',
    );
    assert.deepEqual(comparison.files.find(({ path }) => path === 'link')?.local, {
      kind: 'link',
      target: '/etc/passwd',
    });
  });

  it('knows a rename by its content', async () => {
    const { here } = make({ files: { 'old.py': 'some content\n', other: 'o' } });
    here.git('mv', 'old.py', 'new.py');
    const comparison = await copies.compare();
    assert.deepEqual(verdicts(comparison), { 'old.py': 'deletedHere', 'new.py': 'push' });
    assert.equal(comparison.files.find(({ path }) => path === 'new.py')?.renamedFrom, 'old.py');
  });

  it('leaves ignored files out, by nested, private and global rules', async () => {
    const { here, there } = make({
      files: { '.gitignore': '*.log\n', 'sub/.gitignore': 'cache/\n', a: '1' },
    });
    here.git('config', 'core.excludesFile', `${here.dir}/../global`);
    here.write('../global', '*.swp\n');
    for (const copy of [here, there]) copy.write('x.log', copy.dir).write('sub/cache/y', copy.dir);
    here.write('a.swp', 'here');
    here.write('.git/info/exclude', 'private\n').write('private', 'here');
    assert.deepEqual(verdicts(await copies.compare()), {});
  });

  it('leaves the folder of results and excluded patterns out', async () => {
    const { here, there } = make({ exclude: ['*.bin'] });
    here.write('outputs/sweep_1/x', '1').write('data/y.bin', '2');
    there.write('outputs/sweep_2/x', '1').write('data/z.bin', '2');
    assert.equal((await copies.compare()).inSync, true);
  });

  it('shows a file that would run over an ignored one there as a conflict', async () => {
    const { here, there } = make();
    there.write('.git/info/exclude', 'secret\n').write('secret', 'only there');
    here.write('secret', 'from here');
    assert.deepEqual(verdicts(await copies.compare()), { secret: 'conflict' });
  });

  it('works in an unborn branch, a detached HEAD, a shallow and a sparse clone', async () => {
    const { there } = make({ files: { a: '1', 'dir/b': '2' } });
    there.git('checkout', '-q', '--detach');
    assert.equal((await copies.compare()).inSync, true);
    there.git('checkout', '-q', 'main');
    there.git('sparse-checkout', 'set', '--no-cone', '/a');
    const sparse = await copies.compare();
    assert.deepEqual(verdicts(sparse), { 'dir/b': 'deletedThere' });
    there.git('sparse-checkout', 'disable');
    there.git('checkout', '-q', '--orphan', 'fresh');
    there.git('rm', '-rqf', '.');
    const unborn = await copies.compare();
    assert.equal(unborn.remote.commit, undefined);
    assert.deepEqual(verdicts(unborn), { a: 'push', 'dir/b': 'push' });
    assert.match(unborn.verdict, /1 commit behind/);
  });

  it('tells what an unborn branch here lacks, and where there is no git', async () => {
    make({ git: 'there', files: { a: '1', 'dir/b': '2' } });
    assert.match((await copies.compare()).warnings.join(), /no git repository here:/);
    copies.here.remove('.');
    execFileSync('git', ['init', '-q', '-b', 'main', copies.here.dir]);
    const unborn = await copies.compare();
    assert.equal(unborn.verdict, 'remote is 1 commit ahead');
    assert.deepEqual(verdicts(unborn), { a: 'pull', 'dir/b': 'pull' });
    copies.dispose();
    make({ git: 'here' });
    assert.match((await copies.compare()).warnings.join(), /no git repository on box:/);
    copies.dispose();
    make({ git: 'none' });
    assert.match((await copies.compare()).warnings.join(), /no git repository on either side:/);
  });

  for (const direction of ['push', 'pull'] as const) {
    it(`says that a shallow clone cannot fill a repository without commits (${direction})`, async () => {
      const { here, there } = make();
      const [shallow, empty] = direction === 'push' ? [here, there] : [there, here];
      shallow.write('train.py', 'two\n').commit();
      const clone = `${shallow.dir} clone`;
      execFileSync('git', ['clone', '-q', '--depth=1', `file://${shallow.dir}`, clone]);
      for (const copy of [shallow, empty]) copy.remove('.git');
      renameSync(join(clone, '.git'), join(shallow.dir, '.git'));
      execFileSync('git', ['init', '-q', '-b', 'main', empty.dir]);
      await copies.compare();
      await assert.rejects(
        copies.sync[direction](SOURCE, { commits: true, files: [] }),
        /is a shallow clone: its commits are not enough/,
      );
    });
  }

  it('refuses to judge while a merge is under way', async () => {
    const { there } = make();
    there.write('.git/MERGE_HEAD', there.git('rev-parse', 'HEAD'));
    const { push } = (await copies.compare()).safe;
    assert.ok(!push.safe);
    assert.match(push.reasons[0]?.text ?? '', /^A merge is under way in the checkout/);
  });

  it('tells a submodule that differs and does not touch it', async () => {
    const { here, there } = make();
    const library = makeCopies();
    here.git('submodule', 'add', '-q', library.here.dir, 'lib');
    here.commit();
    there.git('pull', '-q');
    there.git('submodule', 'update', '-q', '--init');
    assert.deepEqual(verdicts(await copies.compare()), {});
    here.write('lib/train.py', 'changed in the submodule');
    const comparison = await copies.compare();
    assert.deepEqual(verdicts(comparison), { lib: 'push' });
    assert.match(comparison.files[0]?.blocked ?? '', /submodule/);
    assert.deepEqual([comparison.safe.push.safe, comparison.offer], [true, undefined]);
    library.dispose();
  });

  it('warns of a repository that lies in the project, and is in sync all the same', async () => {
    const { here, there } = make();
    for (const copy of [here, there]) {
      copy.write('dep/a.py', copy.dir);
      execFileSync('git', ['init', '-q', '--template=', join(copy.dir, 'dep')]);
    }
    const comparison = await copies.compare();
    assert.equal(comparison.inSync, true);
    assert.match(comparison.warnings.join(), /^dep is a git repository of its own on both sides/);
    here.write('train.py', 'new\n').git('commit', '-q', '-m', 'work', 'train.py');
    assert.equal((await copies.compare()).offer?.commits, 'push');
    assert.equal((await copies.sync.push(SOURCE)).comparison?.inSync, true);
    assert.equal(there.read('dep/a.py'), there.dir);
  });

  it('leaves a repository in the project out by a pattern for folders', async () => {
    const { here } = make({ exclude: ['dep/'] });
    here.write('dep/a.py', '1');
    execFileSync('git', ['init', '-q', '--template=', join(here.dir, 'dep')]);
    const { inSync, warnings } = await copies.compare();
    assert.deepEqual([inSync, warnings], [true, []]);
  });

  it('finds line endings that git converts the same when they are clean', async () => {
    const { there } = make({ files: { '.gitattributes': '* text=auto\n', a: '1\n2\n' } });
    there.git('config', 'core.autocrlf', 'true');
    there.remove('a').git('checkout', '--', 'a');
    assert.equal(there.read('a'), '1\r\n2\r\n');
    assert.equal((await copies.compare()).inSync, true);
  });

  it('compares pointers of Git LFS as the files that they are', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n';
    const { here } = make({ files: { '.gitattributes': '*.bin filter=lfs\n', 'a.bin': pointer } });
    const clean = await copies.compare();
    assert.equal(clean.inSync, true);
    here.write('a.bin', pointer.replace('size 1', 'size 2'));
    assert.deepEqual(verdicts(await copies.compare()), { 'a.bin': 'push' });
  });

  it('compares contents where only one side has git, or none, and says so', async () => {
    for (const side of ['here', 'there', 'none'] as const) {
      const { here, there } = make({ git: side, files: { '.gitignore': '*.log\n', a: '1', b: '2' } });
      here.write('x.log', '1');
      there.write('y.log', '2').write('__pycache__/a', '3');
      const same = await copies.compare();
      assert.deepEqual([same.inSync, same.method], [true, 'checksum'], side);
      assert.match(same.verdict, /commits were not compared/);
      here.write('a', 'edited').write('new', 'n');
      there.remove('b');
      assert.deepEqual(
        verdicts(await copies.compare()),
        { a: 'push', b: 'deletedThere', new: 'push' },
        `${side} ${JSON.stringify(Object.keys(here.tree()))}`,
      );
      copies.dispose();
    }
    make();
  });

  it('changes nothing on the remote: no index, no lock, no file', async () => {
    const { here, there } = make();
    here.write('train.py', 'x');
    there.git('status');
    const before = there.git('ls-files', '--debug', '-s');
    const tree = there.tree();
    await copies.compare();
    assert.equal(there.git('ls-files', '--debug', '-s'), before);
    assert.deepEqual(there.tree(), tree);
    assert.equal(there.read('.hsm/sync/synced.json'), undefined);
  });

  it('says what is wrong when there is no checkout', async () => {
    const { there } = make();
    there.remove('.');
    await assert.rejects(copies.compare(), /There is no folder .* on box/);
  });
});
