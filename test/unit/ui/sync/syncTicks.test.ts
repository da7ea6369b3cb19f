import assert from 'node:assert/strict';
import type { Comparison } from '../../../../src/core/sync/comparison';
import { SyncTicks } from '../../../../src/ui/sync/syncTicks';
import { sameCommit } from '../../core/sync/sides';

const HEAD = { 'a.py': '1', 'old.py': '1' };
const DELETED = sameCommit(HEAD, { 'old.py': undefined }, {});
const EDITED = sameCommit(HEAD, { 'a.py': '2' }, {});

const push = (ticks: SyncTicks, comparison: Comparison): readonly string[] => ticks.ticked(comparison).push;

describe('ticks in the Sync view', () => {
  it('hold for a delete as it was shown, not for a later one of the same path', () => {
    const ticks = new SyncTicks();
    ticks.tickFiles(DELETED, ['old.py'], true);
    assert.deepEqual(push(ticks, DELETED), ['old.py']);
    assert.deepEqual(push(ticks, sameCommit({ 'old.py': 'newer' }, { 'old.py': undefined }, {})), []);
  });

  it('are forgotten when the file does not differ any more', () => {
    const ticks = new SyncTicks();
    ticks.tickFiles(DELETED, ['old.py'], true);
    ticks.keepOnly(sameCommit(HEAD, {}, {}));
    assert.deepEqual(push(ticks, DELETED), []);
  });

  it('that were taken away stay away while the file is edited on, until it is the same', () => {
    const ticks = new SyncTicks();
    ticks.tickFiles(EDITED, ['a.py'], false);
    const again = sameCommit(HEAD, { 'a.py': '3' }, {});
    ticks.keepOnly(again);
    assert.deepEqual(push(ticks, again), []);
    ticks.keepOnly(sameCommit(HEAD, {}, {}));
    assert.deepEqual(push(ticks, again), ['a.py']);
  });

  it('of one checkout are left alone by what became of another', () => {
    const ticks = new SyncTicks();
    ticks.tickFiles(EDITED, ['a.py'], false);
    ticks.keepOnly({ ...sameCommit(HEAD, {}, {}), source: 'gpubox2' });
    assert.deepEqual(push(ticks, EDITED), []);
  });
});
