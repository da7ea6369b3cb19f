import assert from 'node:assert/strict';
import type { Comparison } from '../../../../src/core/sync/comparison';
import { planSync } from '../../../../src/core/sync/plan';
import { decideStart } from '../../../../src/core/sync/beforeStart';
import { ProjectSyncError } from '../../../../src/core/sync/projectSyncError';
import type { SyncChoice } from '../../../../src/core/sync/syncFacade';
import { compare, content, gitSide, SAME, sameCommit, withoutGit } from './sides';

const HEAD = { a: '1', b: '2', 'c.yaml': '3' };

function checkPlan(
  direction: 'push' | 'pull',
  comparison: Comparison,
  choice: SyncChoice,
  expected: readonly string[],
  needsWord: readonly RegExp[] = [],
): void {
  const plan = planSync(direction, comparison, choice);
  assert.deepEqual(
    plan.files.map(({ path }) => path),
    expected,
  );
  assert.equal(plan.needsWord.length, needsWord.length, JSON.stringify(plan.needsWord));
  for (const [index, pattern] of needsWord.entries())
    assert.match(plan.needsWord[index]?.text ?? '', pattern);
}

function checkRefused(run: () => unknown, pattern: RegExp): void {
  assert.throws(run, (error) => error instanceof ProjectSyncError && pattern.test(error.message));
}

describe('the plan of a transfer', () => {
  it('takes what the direction can take, and no deletes', () => {
    const comparison = sameCommit(HEAD, { a: 'x', b: undefined, new: 'n' }, { 'c.yaml': 'y' });
    checkPlan('push', comparison, {}, ['a', 'new']);
    checkPlan('pull', comparison, {}, ['c.yaml']);
  });

  it('takes deletes and the versions of the other side only by name, the latter with a word', () => {
    const comparison = sameCommit(HEAD, { a: 'x', b: undefined, 'c.yaml': 'here' }, { 'c.yaml': 'there' });
    checkPlan('push', comparison, { files: ['b'] }, ['b']);
    checkPlan('push', comparison, { files: ['c.yaml'] }, ['c.yaml'], [/c\.yaml was changed in the checkout/]);
    checkPlan(
      'pull',
      comparison,
      { files: ['a', 'c.yaml'] },
      ['a', 'c.yaml'],
      [/^a was changed here/, /c\.yaml/],
    );
  });

  it('refuses paths that the comparison did not show', () => {
    checkRefused(
      () => planSync('push', sameCommit(HEAD, { a: 'x' }, {}), { files: ['b'] }),
      /b does not differ/,
    );
  });

  it('carries what the receiving side must still have', () => {
    const plan = planSync('push', sameCommit(HEAD, { a: 'x' }, {}), {});
    assert.deepEqual(plan.files, [{ path: 'a', expected: content('1'), next: content('x') }]);
  });

  it('wants a word for many deletes, and for a large share of them without git', () => {
    const all = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`f${index}`, 'x']));
    const gone = Object.fromEntries(Object.keys(all).map((path) => [path, undefined]));
    const paths = Object.keys(all).sort();
    checkPlan('push', sameCommit(all, gone, {}), { files: paths }, paths, [/25 files would be deleted/]);
    const few = paths.slice(0, 6);
    const rest = Object.fromEntries(paths.slice(6).map((path) => [path, 'x']));
    checkPlan('push', sameCommit(all, gone, {}), { files: few }, few);
    checkPlan('push', withoutGit(rest, all, all), { files: few }, few, [/6 files would be deleted/]);
  });

  it('does nothing while a side cannot be judged', () => {
    const errors = ['"a\\nb" has a bad name.'];
    const local = gitSide(HEAD, { a: 'x' }, []);
    const comparison = compare({ local, remote: gitSide(HEAD, {}, ['a']), history: SAME, errors });
    checkRefused(() => planSync('push', comparison, {}), /bad name/);
  });

  it('does nothing when a side has lost all its files', () => {
    const comparison = withoutGit({}, HEAD, HEAD);
    assert.equal(comparison.inSync, false);
    checkRefused(
      () => planSync('push', comparison, { files: ['a'] }),
      /The workspace has no files any more, though it had 3/,
    );
    checkRefused(
      () => planSync('pull', withoutGit(HEAD, {}, HEAD), { files: ['a'] }),
      /The checkout has no files/,
    );
  });

  it('lets files go alone where histories have diverged', () => {
    const comparison = compare({
      local: gitSide(HEAD, { a: 'x' }, []),
      remote: gitSide(HEAD, {}, ['a'], { head: 'b'.repeat(40) }),
      history: { ...SAME, relation: 'diverged', ahead: 1, behind: 1 },
    });
    checkPlan('push', comparison, {}, ['a']);
    assert.equal(planSync('push', comparison, {}).commits, undefined);
    checkRefused(
      () => planSync('push', comparison, { commits: true, files: ['a'] }),
      /Both sides have commits/,
    );
  });
});

describe('a start on a checkout', () => {
  const edited = sameCommit(HEAD, { a: 'x' }, {});

  it('goes when it is in sync', () => {
    for (const setting of ['always', 'ask'] as const)
      assert.equal(decideStart(sameCommit(HEAD, {}, {}), setting, undefined), 'go');
  });

  it('pushes when that is safe and wanted, by the setting or by the user', () => {
    assert.equal(decideStart(edited, 'always', undefined), 'push');
    assert.equal(decideStart(edited, 'ask', 'push'), 'push');
  });

  it('is refused until the user decides, with what to do', () => {
    assert.throws(
      () => decideStart(edited, 'ask', undefined),
      (error) => {
        assert.ok(error instanceof ProjectSyncError);
        assert.match(error.message, /not in sync, nothing was started: remote lacks the edit of 1 file/);
        assert.match(error.details.hint ?? '', /--sync push/);
        assert.equal(error.details.canPush, true);
        return true;
      },
    );
  });

  it('is refused when a push would not make both sides the same', () => {
    for (const comparison of [
      sameCommit(HEAD, { a: 'x' }, { a: 'y' }),
      sameCommit(HEAD, {}, { a: 'y' }),
      sameCommit(HEAD, { a: 'x' }, { b: 'y' }),
    ]) {
      for (const wish of ['push', undefined] as const)
        checkRefused(() => decideStart(comparison, 'always', wish), /not in sync, nothing was started/);
    }
  });
});
