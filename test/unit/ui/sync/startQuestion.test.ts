import assert from 'node:assert/strict';
import { decideStart } from '../../../../src/core/sync/beforeStart';
import type { Comparison } from '../../../../src/core/sync/comparison';
import { ProjectSyncError } from '../../../../src/core/sync/projectSyncError';
import type { SyncSummary } from '../../../../src/core/sync/syncFacade';
import { startQuestion, type StartQuestion } from '../../../../src/ui/sync/startQuestion';
import { plainL10n } from '../../../support/plainL10n';
import { sameCommit } from '../../core/sync/sides';

const HEAD = { 'a.py': '1', 'b.py': '1' };

function remote(comparison: Comparison, runningTasks = 0): SyncSummary {
  return { source: 'gpubox', host: 'box', checkout: '~/p', phase: 'idle', runningTasks, comparison };
}

/** What is asked when a start by this comparison is refused. */
function asked(comparison: Comparison): StartQuestion {
  try {
    decideStart(comparison, 'ask', undefined);
  } catch (error) {
    assert.ok(error instanceof ProjectSyncError);
    return startQuestion(plainL10n, error, [remote(comparison)]);
  }
  assert.fail('The start was not refused.');
}

describe('the question when a start is refused because of a checkout', () => {
  it('offers the push that is safe, and names its files', () => {
    const { pushes, detail } = asked(sameCommit(HEAD, { 'a.py': '2' }, {}));
    assert.deepEqual(
      pushes.map(({ source }) => source),
      ['gpubox'],
    );
    assert.match(detail, /^gpubox: remote lacks the edit of 1 file made here\.\n/);
    assert.match(detail, /Push 1 file to gpubox: a\.py\.$/);
  });

  it('offers no push over what was changed there, and says why', () => {
    const { pushes, detail } = asked(sameCommit(HEAD, { 'a.py': '2' }, { 'a.py': '3' }));
    assert.deepEqual(pushes, []);
    assert.match(detail, /a\.py changed on both sides\./);
    assert.deepEqual(asked(sameCommit(HEAD, { 'a.py': '2' }, { 'b.py': '3' })).pushes, []);
  });

  it('tells of the tasks that a push would disturb', () => {
    const comparison = sameCommit(HEAD, { 'a.py': '2' }, {});
    const refused = new ProjectSyncError('Nothing was transferred.', [
      { text: '2 tasks run from it.', blocks: false, about: 'everything' },
    ]);
    const { pushes, detail } = startQuestion(plainL10n, refused, [remote(comparison, 2)], ['gpubox']);
    assert.equal(pushes.length, 1);
    assert.match(detail, /2 tasks run from the checkout of gpubox now/);
    assert.deepEqual(startQuestion(plainL10n, refused, [remote(comparison, 2)], ['other']).pushes, []);
  });
});
