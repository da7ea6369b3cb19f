import assert from 'node:assert/strict';
import { join } from 'node:path';
import { exfat, skipUnless } from '../../support/requirement';
import { ExfatDisk } from './exfatDisk';
import { SOURCE, useCopies, verdicts, type Copies } from './copies';

/** Git finds out by itself that the executable bit means nothing there. */
const DISKS = [
  { what: 'where no file is executable', fmask: '0133' },
  { what: 'where every file is executable', fmask: '0022' },
] as const;

for (const { what, fmask } of DISKS) {
  describe(`a copy on a disk without links and permissions, ${what}`, function () {
    this.timeout(60_000);
    let disk: ExfatDisk | undefined;
    let copies: Copies;
    const make = useCopies((made) => {
      copies = made;
    });
    before(function () {
      skipUnless(this, exfat);
      disk = ExfatDisk.mount(fmask);
      if (!disk) this.skip();
    });
    after(() => {
      disk?.dispose();
    });

    for (const side of ['here', 'there'] as const) {
      it(`makes no file differ by its bit, and takes none from the other copy (it is ${side})`, async () => {
        const at = join(disk?.path ?? '', side);
        const { here, there, sync } = make({
          ...(side === 'here' ? { projectDir: at } : { checkoutDir: at }),
        });
        const [odd, usual] = side === 'here' ? [here, there] : [there, here];
        const [outwards, back] = side === 'here' ? (['pull', 'push'] as const) : (['push', 'pull'] as const);
        assert.equal(odd.git('config', 'core.fileMode'), 'false');
        usual.write('run.sh', 'one\n', 0o755).git('add', 'run.sh');
        assert.deepEqual(verdicts(await copies.compare()), { 'run.sh': outwards });
        await sync[outwards](SOURCE);
        assert.equal(odd.read('run.sh'), 'one\n');
        assert.deepEqual(verdicts(await copies.compare()), {});
        odd.write('run.sh', 'two\n').write('train.py', 'two\n');
        assert.deepEqual(verdicts(await copies.compare()), { 'run.sh': back, 'train.py': back });
        const { comparison } = await sync[back](SOURCE);
        assert.equal(comparison?.inSync, true);
        assert.equal(usual.read('run.sh'), 'two\n');
        assert.equal(usual.mode('run.sh') & 0o111, 0o111);
        assert.equal(usual.mode('train.py') & 0o111, 0);
        assert.equal(odd.isLocked(), false);
      });
    }
  });
}
