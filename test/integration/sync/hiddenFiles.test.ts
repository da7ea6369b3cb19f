import assert from 'node:assert/strict';
import { ProjectSyncError } from '../../../src/core/sync/projectSyncError';
import { decideStart } from '../../../src/core/sync/beforeStart';
import { SOURCE, useCopies, verdicts, type Copies } from './copies';

describe('comparing files that git was told not to look at', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });
  const files = { 'train.py': '1\n', 'conf/a.yaml': 'lr: 1\n' };

  it('is not in sync where a sparse checkout leaves out files, and asks before a start, with their names', async () => {
    const { there } = make({ files });
    there.git('sparse-checkout', 'set', '--no-cone', 'conf');
    for (const what of ['first look', 'known index']) {
      const comparison = await copies.compare();
      assert.equal(comparison.inSync, false, what);
      assert.equal(comparison.verdict, 'remote leaves out 1 file by a sparse checkout');
      assert.match(comparison.files[0]?.blocked ?? '', /^A sparse checkout leaves it out there/);
      assert.throws(
        () => decideStart(comparison, 'always', undefined),
        (error) => error instanceof ProjectSyncError && error.message.includes('train.py (left out there'),
      );
    }
    await assert.rejects(
      copies.sync.push(SOURCE, { files: ['train.py'] }, { agreed: 'everything' }),
      /sparse checkout leaves it out/,
    );
    there.git('sparse-checkout', 'disable');
    assert.equal((await copies.compare()).verdict, 'in sync');
  });

  it('is in sync where what a sparse checkout leaves out takes no part, or is not here either', async () => {
    const { here, there } = make({ files, exclude: ['train.py'] });
    there.git('sparse-checkout', 'set', '--no-cone', 'conf');
    assert.equal((await copies.compare()).inSync, true);
    copies.dispose();
    make({ files });
    for (const copy of [copies.here, copies.there]) copy.git('sparse-checkout', 'set', '--no-cone', 'conf');
    const both = await copies.compare();
    assert.equal(both.inSync, true);
    assert.deepEqual(both.warnings, ['A sparse checkout here leaves out 1 file of git.']);
    assert.ok(!here.isLocked() && !there.isLocked());
  });

  for (const direction of ['push', 'pull'] as const) {
    it(`carries an edit to a side that leaves the file out: it was not changed on both (${direction})`, async () => {
      const { here, there } = make({ files });
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      to.git('sparse-checkout', 'set', '--no-cone', 'conf');
      from.write('train.py', '2\n');
      assert.deepEqual(verdicts(await copies.compare()), { 'train.py': direction });
      const { comparison } = await copies.sync[direction](SOURCE);
      assert.equal(to.read('train.py'), '2\n');
      assert.equal(comparison?.inSync, true);
    });

    for (const flag of ['--assume-unchanged', '--skip-worktree'] as const) {
      it(`sees an edit of a file that git was told by ${flag} not to look at (${direction})`, async () => {
        const { here, there } = make({ files });
        const [from, to] = direction === 'push' ? [here, there] : [there, here];
        from.git('update-index', flag, 'train.py', 'conf/a.yaml');
        for (const what of ['first look', 'known index'])
          assert.equal((await copies.compare()).verdict, 'in sync', what);
        const index = from.git('ls-files', '-v');
        from.write('train.py', 'really edited\n');
        assert.deepEqual(verdicts(await copies.compare()), { 'train.py': direction });
        const { comparison } = await copies.sync[direction](SOURCE);
        assert.equal(to.read('train.py'), 'really edited\n');
        assert.equal(comparison?.inSync, true);
        assert.equal(from.git('ls-files', '-v'), index, 'its flags are as they were');
      });

      it(`asks before it replaces an edit that git was told by ${flag} not to look at (${direction})`, async () => {
        const { here, there } = make({ files });
        const [from, to] = direction === 'push' ? [here, there] : [there, here];
        to.git('update-index', flag, 'train.py');
        to.write('train.py', 'of this machine\n');
        from.write('train.py', 'edited too\n');
        assert.deepEqual(verdicts(await copies.compare()), { 'train.py': 'conflict' });
        await assert.rejects(
          copies.sync[direction](SOURCE, { files: ['train.py'] }),
          /that version would be/,
        );
        assert.equal(to.read('train.py'), 'of this machine\n');
        // What commits bring is refused, too, until the file is chosen.
        from.commit();
        await copies.compare();
        await assert.rejects(copies.sync[direction](SOURCE), /train\.py, which was edited/);
        assert.equal(to.read('train.py'), 'of this machine\n');
        const { backup, comparison } = await copies.sync[direction](
          SOURCE,
          { files: ['train.py'], commits: true },
          { agreed: 'everything' },
        );
        assert.deepEqual(backup?.files, ['train.py']);
        assert.equal(to.read('train.py'), 'edited too\n');
        assert.equal(comparison?.inSync, true);
      });
    }

    it(`sees a file that comes where git was told to pass over its absence (${direction})`, async () => {
      const { here, there } = make({ files });
      const from = direction === 'push' ? here : there;
      from.git('update-index', '--skip-worktree', 'train.py');
      from.remove('train.py');
      await copies.compare();
      from.write('train.py', 'back, and edited\n');
      assert.deepEqual(verdicts(await copies.compare()), { 'train.py': direction });
    });
  }
});
