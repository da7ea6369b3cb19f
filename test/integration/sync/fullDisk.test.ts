import assert from 'node:assert/strict';
import { join } from 'node:path';
import { errorText } from '../../../src/core/base/errors';
import { makeCopies, needCopies, SOURCE, verdicts, type Copies } from './copies';
import { SmallDisk } from './smallDisk';

const PATHS = Array.from({ length: 6 }, (_, index) => `d${index}/f`);
const files = Object.fromEntries(PATHS.map((path) => [path, `old ${path}\n`]));

describe('a sync on a disk that becomes full', function () {
  this.timeout(90_000);
  let copies: Copies | undefined;
  let disk: SmallDisk | undefined;

  needCopies();
  beforeEach(function () {
    disk = SmallDisk.mount();
    if (!disk) this.skip();
  });
  afterEach(() => {
    copies?.dispose();
    disk?.dispose();
  });

  for (const direction of ['push', 'pull'] as const) {
    it(`leaves no file half written by a ${direction}, says why it stopped, and can put everything back`, async () => {
      assert.ok(disk);
      const full = disk;
      const place = join(full.path, 'project');
      const where = direction === 'push' ? { checkoutDir: place } : { projectDir: place };
      const { here, there, sync, ...rest } = (copies = makeCopies({ git: 'none', files, ...where }));
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      let stoppedMidway = 0;
      for (const room of [4, 14, 17, 22, 27, 33, 45]) {
        full.leaveRoomFor(2000);
        await rest.compare();
        for (const path of PATHS) from.write(path, `${room} ${path}\n`);
        await rest.compare();
        const before = to.tree();
        full.leaveRoomFor(room);
        const error = await sync[direction](SOURCE).then(
          () => undefined,
          (reason: unknown) => errorText(reason),
        );
        const now = to.tree();
        const fresh = PATHS.filter((path) => now[path] === from.tree()[path]);
        for (const path of PATHS)
          assert.ok(fresh.includes(path) || now[path] === before[path], `${path}: ${now[path] ?? 'gone'}`);
        if (error === undefined) continue;
        assert.match(error, /No space left|no space left|disk is full/);
        assert.equal(to.exists('.hsm/sync/pending'), false);
        full.leaveRoomFor(2000);
        const differing = verdicts(await rest.compare());
        assert.deepEqual(
          Object.keys(differing),
          PATHS.filter((path) => !fresh.includes(path)),
        );
        if (fresh.length === 0) continue;
        stoppedMidway += 1;
        assert.match(error, new RegExp(`New: ${fresh.join(', ')}\\. Old: `));
        const [backup] = await sync.backups(SOURCE);
        assert.ok(backup);
        await sync.restore(SOURCE, backup, { files: fresh });
        assert.deepEqual(to.tree(), before);
      }
      assert.ok(stoppedMidway > 0, 'the disk was never full in the middle');
    });
  }
});
