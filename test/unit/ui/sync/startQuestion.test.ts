import assert from 'node:assert/strict';
import { decideStart } from '../../../../src/core/sync/beforeStart';
import type { Comparison } from '../../../../src/core/sync/comparison';
import { ProjectSyncError } from '../../../../src/core/sync/projectSyncError';
import type { SyncSummary } from '../../../../src/core/sync/syncFacade';
import { decidedFor, startQuestion, type StartQuestion } from '../../../../src/ui/sync/startQuestion';
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
    assert.deepEqual(pushes, ['gpubox']);
    assert.match(detail, /^gpubox: remote lacks the edit of 1 file made here\.\n/);
    assert.match(detail, /Push 1 file to gpubox: a\.py\.$/);
  });

  it('offers no push over what was changed there, and says why', () => {
    const { pushes, detail } = asked(sameCommit(HEAD, { 'a.py': '2' }, { 'a.py': '3' }));
    assert.deepEqual(pushes, []);
    assert.match(detail, /a\.py changed on both sides\./);
  });

  it('offers a push beside what was changed there, and says that it stays', () => {
    const { pushes, detail } = asked(sameCommit(HEAD, { 'a.py': '2' }, { 'b.py': '3' }));
    assert.deepEqual(pushes, ['gpubox']);
    assert.match(detail, /A push leaves these different: b\.py \(edited there\)\./);
    assert.match(detail, /Push 1 file to gpubox: a\.py\.$/);
  });

  it('tells of the tasks that a push would disturb', () => {
    const comparison = sameCommit(HEAD, { 'a.py': '2' }, {});
    const refused = new ProjectSyncError('Nothing was transferred.', [
      { text: '2 tasks run from it.', blocks: false, about: 'everything' },
    ]);
    const question = startQuestion(plainL10n, refused, [remote(comparison, 2)], ['gpubox']);
    const { pushes, detail, agreed } = question;
    assert.equal(pushes.length, 1);
    assert.deepEqual(
      agreed.map(({ runningTasks }) => runningTasks),
      [2],
    );
    assert.match(detail, /2 tasks run from the checkout of gpubox now/);
    assert.deepEqual(startQuestion(plainL10n, refused, [remote(comparison, 2)], ['other']).pushes, []);
  });

  it('tells why the push before a start failed', () => {
    const failed = new ProjectSyncError('a.py changed in the checkout since the comparison.', [
      { text: 'Nothing was transferred.', action: 'Compare again.', blocks: true, about: 'everything' },
    ]);
    const { detail, pushes } = startQuestion(plainL10n, failed, [remote(sameCommit(HEAD, {}, {}))]);
    assert.equal(detail, 'a.py changed in the checkout since the comparison. Nothing was transferred.');
    assert.deepEqual(pushes, []);
  });

  it('is answered for the checkouts that it was about, and what was said of others stays', () => {
    const comparison = sameCommit(HEAD, { 'a.py': '2' }, {});
    const remotes = [remote(comparison, 1), { ...remote(comparison), source: 'other' }];
    const refused = new ProjectSyncError('No.', [], { source: 'gpubox', canPush: true });
    const question = startQuestion(plainL10n, refused, remotes);
    assert.deepEqual(decidedFor({}, remotes, question, 'push'), {
      sync: new Map([['gpubox', 'push']]),
      agreed: question.agreed,
    });
    assert.deepEqual(decidedFor({ sync: 'push', maxTasks: 2 }, remotes, question, 'skip'), {
      maxTasks: 2,
      sync: new Map([
        ['gpubox', 'skip'],
        ['other', 'push'],
      ]),
      agreed: [],
    });
  });
});
