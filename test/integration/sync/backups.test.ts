import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeCopies, needCopies, SOURCE, type Copies, type Copy } from './copies';

describe('backups of many syncs', function () {
  this.timeout(60_000);
  let copies: Copies;

  needCopies();
  beforeEach(() => {
    copies = makeCopies({ git: 'none' });
  });
  afterEach(() => {
    copies.dispose();
  });

  const idsOf = (side: Copy): string[] => readdirSync(join(side.dir, '.hsm/sync/backups')).sort();

  /** Old backups, and a folder of somebody else's with a name that is none of ours. */
  function fill(side: Copy, count: number, year: number): string[] {
    const ids = Array.from({ length: count }, (_, index) => `${year}01${String(index + 1).padStart(2, '0')}`);
    const backups = ids.map((day) => `${day}T000000000Z-0a1b2c`);
    for (const id of backups) side.write(`.hsm/sync/backups/${id}/files/train.py`, id);
    side.write('.hsm/sync/backups/mine/files/train.py', 'mine');
    return backups;
  }

  for (const direction of ['push', 'pull'] as const) {
    it(`are removed by a ${direction} where they are older than a month and not of the newest`, async () => {
      const { here, there, sync } = copies;
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      await copies.compare();
      const old = fill(to, 24, 2001);
      const untouched = fill(from, 24, 2001);
      from.write('train.py', 'new');
      await copies.compare();
      const { backup } = await sync[direction](SOURCE);
      assert.deepEqual(idsOf(to), [...old.slice(5), backup?.id, 'mine']);
      assert.deepEqual(idsOf(from), [...untouched, 'mine']);
    });

    it(`stay with a ${direction} where they are of the last month, however many`, async () => {
      const { here, there, sync } = copies;
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      await copies.compare();
      const recent = fill(to, 24, new Date().getUTCFullYear() + 1);
      from.write('train.py', 'new');
      await copies.compare();
      const { backup } = await sync[direction](SOURCE);
      assert.deepEqual(idsOf(to), [backup?.id, ...recent, 'mine'].sort());
    });
  }
});
