import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { HostProcess } from '../../../src/adapters/host/streamHost';
import { foldingHere } from '../../../src/adapters/sync/nameClashes';
import { exfat, skipUnless } from '../../support/requirement';
import { SharedHost } from '../../support/sshd/sharedHost';
import { ExfatDisk } from './exfatDisk';
import { makeCopies, needCopies, SOURCE, verdicts, type Copies } from './copies';

/** Seems to have a file system that does not tell case apart: there is what is asked for, in the other case. */
class FoldingHost extends SharedHost {
  asked = 0;

  override start(argv: readonly string[], signal: AbortSignal): Promise<HostProcess> {
    const isProbe = argv.some((word) => word.includes('section folds'));
    if (isProbe) this.asked += 1;
    const [sh = 'sh', flag = '-c', script = '', ...rest] = argv;
    const folding = 'true() { command true >"$state/HSMPROBE$$"; }';
    return super.start([sh, flag, isProbe ? `${folding}\n${script}` : script, ...rest], signal);
  }
}

describe('names that differ only by case or by the form of their letters', function () {
  this.timeout(60_000);
  let copies: Copies;

  needCopies();
  afterEach(() => {
    copies.dispose();
  });

  it('go both ways where both file systems tell them apart, which is tried', async () => {
    copies = makeCopies();
    const { here, there, sync } = copies;
    assert.deepEqual(await foldingHere(here.dir), { case: false, unicode: false });
    here.write('Train.py', 'upper').write('caf\u00e9', 'one').write('cafe\u0301', 'two');
    await copies.compare();
    await sync.push(SOURCE);
    there.write('TRAIN.py', 'all upper');
    await copies.compare();
    await sync.pull(SOURCE);
    assert.deepEqual(here.tree(), there.tree());
    assert.equal(Object.keys(here.tree()).length, 6);
    assert.equal(there.exists('.hsm/sync/names') || here.exists('.hsm/sync/names'), false);
  });

  it('are refused with both names where the checkout takes them for one; other files go', async () => {
    const host = new FoldingHost();
    copies = makeCopies({ host });
    const { here, there, sync } = copies;
    here.write('Train.py', 'upper').write('other.py', 'x').write('Configs/a', 'x');
    await copies.compare();
    const before = there.tree();
    await assert.rejects(
      sync.push(SOURCE),
      /Configs and configs are the same.*Train\.py and train\.py are the same/,
    );
    assert.deepEqual(there.tree(), before);
    await copies.compare();
    await sync.push(SOURCE, { files: ['other.py'] });
    assert.deepEqual(Object.keys(verdicts(await copies.compare())), ['Configs/a', 'Train.py']);
  });

  it('are refused when commits bring them, but for a rename', async () => {
    const host = new FoldingHost();
    copies = makeCopies({ host });
    const { here, there, sync } = copies;
    here.git('mv', 'train.py', 'Train.py');
    here.commit();
    await copies.compare();
    await sync.push(SOURCE);
    assert.equal(there.read('Train.py'), 'print(1)\n');
    here.write('train.py', 'again').commit();
    await copies.compare();
    await assert.rejects(sync.push(SOURCE), /Train\.py and train\.py are the same name/);
    assert.equal(there.exists('train.py'), false);
  });

  it('cost nothing where there are none', async () => {
    const host = new FoldingHost();
    copies = makeCopies({ host });
    copies.here.write('train.py', 'new').write('b.py', 'new');
    await copies.compare();
    await copies.sync.push(SOURCE);
    assert.equal(host.asked, 0);
  });
});

describe('a workspace on a file system that takes names for one', function () {
  this.timeout(60_000);
  let disk: ExfatDisk | undefined;
  let copies: Copies;

  needCopies();
  before(function () {
    skipUnless(this, exfat);
    disk = ExfatDisk.mount('0133');
    if (!disk) this.skip();
  });
  after(() => {
    disk?.dispose();
  });
  afterEach(() => {
    copies.dispose();
  });

  for (const side of ['here', 'there'] as const) {
    it(`is not brought two of them (it is ${side}); all else comes, with backups`, async () => {
      const at = join(disk?.path ?? '', side);
      copies = makeCopies({ git: 'none', ...(side === 'here' ? { projectDir: at } : { checkoutDir: at }) });
      const { here, there, sync } = copies;
      const direction = side === 'here' ? 'pull' : 'push';
      const [from, to] = side === 'here' ? [there, here] : [here, there];
      await copies.compare();
      from.write('Train.py', 'upper\n').write('configs/train.yaml', 'lr: 2\n');
      await copies.compare();
      await assert.rejects(sync[direction](SOURCE), /Train\.py and train\.py are the same name/);
      assert.equal(to.read('train.py'), 'print(1)\n');
      await copies.compare();
      const { backup } = await sync[direction](SOURCE, { files: ['configs/train.yaml'] });
      assert.equal(to.read('configs/train.yaml'), 'lr: 2\n');
      assert.deepEqual(backup?.files, ['configs/train.yaml']);
      await sync.restore(SOURCE, backup);
      assert.equal(to.read('configs/train.yaml'), 'lr: 1\n');
    });
  }
});
