import assert from 'node:assert/strict';
import type { Comparison } from '../../../../src/core/sync/comparison';
import { planSync } from '../../../../src/core/sync/plan';
import { ProjectSyncError } from '../../../../src/core/sync/projectSyncError';
import type { SyncChoice } from '../../../../src/core/sync/syncFacade';
import { compare, content, gitSide, SAME, sameCommit, withoutGit } from './sides';

type Texts = Readonly<Record<string, string | undefined>>;

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

  const FATES: readonly (readonly ['push' | 'pull', string, Texts, Texts, RegExp | undefined])[] = [
    ['pull', 'new', { new: 'n' }, {}, /^new is only here; it would be deleted here and kept as a backup\.$/],
    ['push', 'new', {}, { new: 'n' }, /^new is only in the checkout; it would be deleted there and kept/],
    ['push', 'a', {}, { a: undefined }, /^a was deleted in the checkout; it would be put back\.$/],
    ['pull', 'a', { a: undefined }, {}, /^a was deleted here; it would be put back\.$/],
    ['pull', 'a', { a: 'x' }, {}, /^a was changed here; that version would be replaced and kept/],
    ['push', 'a', { a: 'x' }, { a: 'y' }, /^a was changed in the checkout; that version would be replaced/],
    ['push', 'a', { a: undefined }, { a: 'y' }, /^a was changed in the checkout; it would be deleted there/],
    ['pull', 'a', { a: 'x' }, { a: undefined }, /^a was changed here; it would be deleted here and kept/],
    ['push', 'a', { a: 'x' }, { a: undefined }, /^a was deleted in the checkout; it would be put back\.$/],
    ['push', 'a', { a: undefined }, {}, undefined],
    ['pull', 'a', {}, { a: 'y' }, undefined],
  ];
  for (const [direction, path, here, there, text] of FATES) {
    const sides = `${JSON.stringify(here)} here, ${JSON.stringify(there)} there`;
    it(`says what becomes of the receiving side in a ${direction} of ${path}: ${sides}`, () => {
      const comparison = sameCommit(HEAD, here, there);
      checkPlan(direction, comparison, { files: [path] }, [path], text ? [text] : []);
    });
  }

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
