import assert from 'node:assert/strict';
import type { SyncSummary } from '../../../../src/core/sync/syncFacade';
import { syncMarks } from '../../../../src/ui/sync/syncMarks';
import { syncStatus } from '../../../../src/ui/sync/syncStatus';
import { plainL10n } from '../../../support/plainL10n';
import { sameCommit } from '../../core/sync/sides';

const HEAD = { 'a.py': '1', 'b.py': '1', 'c.py': '1' };

function remote(comparison?: SyncSummary['comparison'], more: Partial<SyncSummary> = {}): SyncSummary {
  return {
    source: 'gpubox',
    host: 'box',
    checkout: '~/p',
    phase: 'idle',
    runningTasks: 0,
    ...(comparison && { comparison }),
    ...more,
  };
}

const EDITED = sameCommit(HEAD, { 'a.py': '2', 'c.py': '2', 'new.py': '1' }, { 'b.py': '2', 'c.py': '3' });

describe('the status of checkouts', () => {
  it('is silent while nothing differs or nothing is known', () => {
    assert.equal(syncStatus(plainL10n, []), undefined);
    assert.equal(syncStatus(plainL10n, [remote(), remote(sameCommit(HEAD, {}, {}))]), undefined);
  });

  it('counts what is to push, to pull and in conflict', () => {
    const status = syncStatus(plainL10n, [remote(EDITED)]);
    assert.equal(status?.text, '$(sync) gpubox 2↑ 1↓ 1⇅');
    assert.equal(status.hasConflict, true);
    assert.ok(status.accessibleLabel.includes(EDITED.verdict));
  });

  it('turns while something is under way', () => {
    const status = syncStatus(plainL10n, [remote(undefined, { phase: 'comparing' })]);
    assert.equal(status?.text, '$(sync~spin) gpubox');
  });
});

describe('the badges of files', () => {
  it('say which way a file goes', () => {
    const marks = syncMarks(plainL10n, [remote(EDITED)]);
    const badges = [...marks].map(([path, { badge, tooltip }]) => `${path} ${badge} ${tooltip}`);
    assert.deepEqual(badges, [
      'a.py ↑ gpubox: to push',
      'b.py ↓ gpubox: to pull',
      'c.py ⇅ gpubox: changed on both sides',
      'new.py ↑ gpubox: to push',
    ]);
  });

  it('name every checkout that differs', () => {
    const other = remote(sameCommit(HEAD, {}, { 'a.py': '9' }), { source: 'cluster' });
    const mark = syncMarks(plainL10n, [remote(EDITED), other]).get('a.py');
    assert.deepEqual([mark?.badge, mark?.tooltip], ['⇅', 'gpubox: to push, cluster: to pull']);
  });
});
