import assert from 'node:assert/strict';
import { decideStart, leftByPush, leftText, requireArrived } from '../../../../src/core/sync/beforeStart';
import type { Comparison } from '../../../../src/core/sync/comparison';
import { ProjectSyncError } from '../../../../src/core/sync/projectSyncError';
import { compare, gitSide, SAME, sameCommit } from './sides';

const HEAD = { a: '1', b: '2', 'c.yaml': '3' };
const EDITED = sameCommit(HEAD, { a: 'x' }, {});

/** What a start says that is refused. */
function refusalOf(comparison: Comparison, setting: 'always' | 'ask', wish?: 'push'): ProjectSyncError {
  try {
    decideStart(comparison, setting, wish);
  } catch (error) {
    assert.ok(error instanceof ProjectSyncError);
    assert.match(error.message, /not in sync, nothing was started/);
    return error;
  }
  assert.fail('The start was not refused.');
}

describe('a start on a checkout', () => {
  it('goes when it is in sync', () => {
    for (const setting of ['always', 'ask'] as const)
      assert.equal(decideStart(sameCommit(HEAD, {}, {}), setting, undefined), 'go');
  });

  it('pushes when that is safe and wanted, by the setting or by the user', () => {
    assert.equal(decideStart(EDITED, 'always', undefined), 'push');
    assert.equal(decideStart(EDITED, 'ask', 'push'), 'push');
  });

  it('is refused until the user decides, with what to do', () => {
    const { message, details } = refusalOf(EDITED, 'ask');
    assert.match(message, /remote lacks the edit of 1 file/);
    assert.match(details.hint ?? '', /--sync push/);
    assert.equal(details.canPush, true);
  });

  it('is refused where both sides changed a file, whatever is wished', () => {
    const conflict = sameCommit(HEAD, { a: 'x' }, { a: 'y' });
    for (const wish of ['push', undefined] as const)
      assert.equal(refusalOf(conflict, 'always', wish).details.canPush, false);
  });

  it('offers a push beside a file that only runs there wrote, and names what stays', () => {
    const comparison = sameCommit(HEAD, { a: 'x' }, { 'slurm-1.out': 'log' });
    const { message, details } = refusalOf(comparison, 'ask');
    assert.equal(details.canPush, true);
    assert.match(message, /A push leaves these different: slurm-1\.out \(new there\)\./);
    assert.match(details.hint ?? '', /sync\.exclude/);
    assert.equal(decideStart(comparison, 'ask', 'push'), 'push');
    assert.equal(decideStart(comparison, 'always', undefined), 'push');
    const only = sameCommit(HEAD, {}, { 'slurm-1.out': 'log' });
    assert.equal(decideStart(only, 'always', undefined), 'go');
    assert.equal(refusalOf(only, 'ask').details.canPush, false);
  });

  it('pushes by the setting alone only where nothing of the workspace stays different', () => {
    for (const [here, there, left] of [
      [{ a: 'x' }, { b: 'y' }, 'b (edited there)'],
      [{ a: 'x', b: undefined }, {}, 'b (deleted here, still there)'],
      [{ a: 'x' }, { b: undefined }, 'b (deleted there)'],
    ] as const) {
      const comparison = sameCommit(HEAD, here, there);
      const { message, details } = refusalOf(comparison, 'always');
      assert.ok(message.includes(`A push leaves these different: ${left}.`), message);
      assert.equal(details.canPush, true);
      assert.equal(decideStart(comparison, 'ask', 'push'), 'push');
    }
  });

  it('offers no push that would do nothing', () => {
    assert.equal(refusalOf(sameCommit(HEAD, { b: undefined }, {}), 'ask').details.canPush, false);
    assert.equal(refusalOf(sameCommit(HEAD, {}, { a: 'y' }), 'always').details.canPush, false);
  });

  it('counts what goes with the commits as going', () => {
    const change = {
      before: { kind: 'object', oid: '1', mode: '100644' },
      after: { kind: 'object', oid: '2', mode: '100644' },
    } as const;
    const comparison = compare({
      local: gitSide(HEAD, {}, []),
      remote: gitSide(HEAD, {}, [], { head: 'b'.repeat(40) }),
      history: { ...SAME, relation: 'ahead', ahead: 1, localChanges: new Map([['a', change]]) },
    });
    assert.deepEqual(leftByPush(comparison), []);
    assert.equal(leftText([]), undefined);
    assert.equal(decideStart(comparison, 'always', undefined), 'push');
  });

  it('goes after a push only when what was pushed arrived', () => {
    requireArrived(EDITED, sameCommit(HEAD, {}, { b: 'left' }));
    assert.throws(() => {
      requireArrived(EDITED, sameCommit(HEAD, { a: 'again' }, { a: 'x' }));
    }, /Nothing was started\. a changed while it was pushed to gpubox\./);
    assert.throws(() => {
      requireArrived(EDITED, undefined, 'gpubox is away.');
    }, /Nothing was started\. What was pushed to gpubox could not be compared again\. gpubox is away\./);
  });
});
