import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { IndexCopy } from '../../../src/adapters/sync/workspace/indexCopy';
import { Copy, frozen, SOURCE, useCopies, type Copies } from './copies';
import { DyingHost } from './dyingHost';
import { SmallDisk } from './smallDisk';

describe("git's lock that cannot be written", function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  for (const room of [0, 1]) {
    it(`is not told as held by somebody, and nothing of it stays (here, room for ${room} files)`, async function () {
      const disk = SmallDisk.mount();
      if (!disk) return this.skip();
      try {
        const gitDir = join(disk.path, '.git');
        mkdirSync(gitDir);
        disk.leaveRoomFor(room);
        await assert.rejects(new IndexCopy(gitDir, 'id').lock(), /ENOSPC/);
        assert.deepEqual(readdirSync(gitDir), []);
      } finally {
        disk.dispose();
      }
    });
  }

  it('is not told as held by somebody, and nothing of it stays (there)', async () => {
    const host = new DyingHost();
    const { here, there } = make({ files: { 'train.py': 'one\n' }, host });
    here.write('train.py', 'two\n').commit();
    await copies.compare();
    const before = frozen(there);
    const bin = new Copy(join(here.dir, '..', 'bin'));
    const full = `for last do :; done; true >"$last"; echo "cp: $last: Disk quota exceeded" >&2; exit 1`;
    const path = process.env['PATH'] ?? '';
    bin.write(
      'cp',
      `#!/bin/sh\ncase "$*" in *hsm-lock*) ${full} ;; esac\nPATH='${path}' exec cp "$@"\n`,
      0o755,
    );
    host.bin = bin.dir;
    await assert.rejects(
      copies.sync.push(SOURCE),
      /does not take the commits: cp: .*Disk quota exceeded.*Nothing was changed/s,
    );
    assert.deepEqual(frozen(there), before);
    host.bin = '/nowhere';
    await copies.sync.push(SOURCE);
    assert.equal(there.read('train.py'), 'two\n');
  });
});
