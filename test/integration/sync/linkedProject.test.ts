import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Copy, frozen, openSync, SOURCE, useCopies, type Copies } from './copies';
import { pullKilledAt } from './pullKilledAt';

describe('a project that was opened through a link into its repository', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  /** Commits there in and beside the project, and a link to the project's folder here. */
  function prepare(): string {
    const { here, there } = make({ files: { 'src/a.py': 'a\n', 'proj/b.py': 'b\n' }, folder: 'proj' });
    there.write('src/a.py', 'a2\n').write('proj/b.py', 'b2\n').commit();
    const link = join(here.dir, '..', 'link');
    symlinkSync(join(here.dir, 'proj'), link);
    here.git('status');
    return link;
  }

  it('takes commits', async () => {
    const projectDir = prepare();
    const sync = openSync({ projectDir, checkout: join(copies.there.dir, 'proj') });
    await sync.compare(SOURCE);
    await sync.pull(SOURCE);
    assert.equal(copies.here.read('src/a.py'), 'a2\n');
    assert.equal(copies.here.read('proj/b.py'), 'b2\n');
    assert.equal(copies.here.git('status', '--porcelain'), '');
  });

  it('is as before after a pull that died halfway', async () => {
    const projectDir = prepare();
    const { here, there } = copies;
    const before = frozen(here);
    const path = process.env['PATH'] ?? '';
    const halfway = `printf a >src/a.py; rm proj/b.py; kill -9 $PPID; exit 1`;
    const bin = new Copy(join(here.dir, '..', 'bin')).write(
      'git',
      `#!/bin/sh\nPATH='${path}'\ncase "$*" in *' merge '*) ${halfway} ;; esac\nexec git "$@"\n`,
      0o755,
    );
    const sides = { ...copies, here: new Copy(projectDir), there: new Copy(join(there.dir, 'proj')) };
    assert.equal(await pullKilledAt(sides, 0, { path: bin.dir }), false);
    assert.notDeepEqual(frozen(here), before);
    const sync = openSync({ projectDir, checkout: join(there.dir, 'proj') });
    assert.match((await sync.compare(SOURCE)).warnings.join(), /Its commits did not arrive/);
    assert.deepEqual(frozen(here), before);
    rmSync(projectDir);
  });
});
