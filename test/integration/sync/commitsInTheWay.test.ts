import assert from 'node:assert/strict';
import { SOURCE, useCopies, verdicts, type Copies, type Copy } from './copies';

/** What a comparison calls safe must go: a start offers it. */
describe('what stands in the way of commits and git does not list', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  for (const direction of ['push', 'pull'] as const) {
    const sides = (): [from: Copy, to: Copy] =>
      direction === 'push' ? [copies.here, copies.there] : [copies.there, copies.here];

    it(`is told by the comparison where it is a file that is ignored, and goes when it is chosen (${direction})`, async () => {
      make();
      const [from, to] = sides();
      from.write('big.dat', 'from the commit').commit();
      to.write('.git/info/exclude', 'big.dat\n').write('big.dat', 'ignored');
      const found = await copies.compare();
      assert.deepEqual(verdicts(found), { 'big.dat': 'conflict' });
      assert.equal(found.offer, undefined);
      assert.equal(found.safe[direction].safe, false);
      await assert.rejects(copies.sync[direction](SOURCE), new RegExp(`big\\.dat, which was edited .*`));
      await copies.compare();
      const choice = { files: ['big.dat'], commits: true };
      const { backup, comparison } = await copies.sync[direction](SOURCE, choice, { agreed: 'everything' });
      assert.equal(to.read('big.dat'), 'from the commit');
      assert.deepEqual(backup?.files, ['big.dat']);
      assert.equal(comparison?.inSync, true);
      assert.equal(to.git('status', '--porcelain'), '');
    });

    it(`does not matter where an ignored file is what the commits bring (${direction})`, async () => {
      make();
      const [from, to] = sides();
      from.write('big.dat', 'the same').commit();
      to.write('.git/info/exclude', 'big.dat\n').write('big.dat', 'the same');
      await copies.compare();
      const { comparison } = await copies.sync[direction](SOURCE);
      assert.equal(comparison?.inSync, true);
      assert.equal(to.git('status', '--porcelain'), '');
    });

    it(`is told by the comparison where it is an edit outside the project (${direction})`, async () => {
      make({ folder: 'project', files: { 'project/a.py': '1\n', 'other/b.py': '1\n' } });
      const [from, to] = sides();
      from.write('project/a.py', '2\n').write('other/b.py', '2\n').commit();
      to.write('other/b.py', 'mine\n');
      if (direction === 'pull') copies.here.git('fetch', '-q', copies.there.dir, 'main');
      const found = await copies.compare();
      const safety = found.safe[direction];
      assert.ok(!safety.safe);
      assert.match(
        safety.reasons[0]?.text ?? '',
        /change other\/b\.py, which is edited .* outside the project/,
      );
      assert.equal(found.offer, undefined);
      await assert.rejects(copies.sync[direction](SOURCE), /other\/b\.py/);
      to.git('checkout', 'other/b.py');
      assert.equal((await copies.compare()).safe[direction].safe, true);
      assert.equal((await copies.sync[direction](SOURCE)).comparison?.inSync, true);
    });
  }
});
