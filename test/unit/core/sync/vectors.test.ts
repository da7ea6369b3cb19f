import assert from 'node:assert/strict';
import type { Comparison, Offer } from '../../../../src/core/sync/comparison';
import type { History, SideState } from '../../../../src/core/sync/sideState';
import { planSync } from '../../../../src/core/sync/plan';
import { isConfigName } from '../../../../src/core/sync/configFile';
import { compare, gitSide, SAME, sameCommit, verdicts, withoutGit } from './sides';

const HEAD = { 'train.py': 'code', 'configs/train.yaml': 'lr: 1' };

interface Expected {
  readonly inSync: boolean;
  readonly verdicts?: Record<string, string>;
  readonly offer?: Offer;
  readonly says?: RegExp;
}

function check(comparison: Comparison, expected: Expected): void {
  assert.equal(comparison.inSync, expected.inSync);
  assert.deepEqual(verdicts(comparison), expected.verdicts ?? {});
  assert.deepEqual(comparison.offer, expected.offer);
  if (expected.says) assert.match(comparison.verdict, expected.says);
}

/** The situations in which the predecessor of this tool was watched, with what is right there. */
describe('the decision about a checkout', () => {
  it('clean: in sync, nothing to offer', () => {
    check(sameCommit(HEAD, {}, {}), { inSync: true, says: /^in sync$/ });
  });

  it('remote code edit: not in sync, and not fetched unasked', () => {
    const comparison = sameCommit(HEAD, {}, { 'train.py': 'edited there' });
    check(comparison, {
      inSync: false,
      verdicts: { 'train.py': 'pull' },
      says: /remote has 1 file edited there/,
    });
    assert.deepEqual(comparison.safe.pull, { safe: true });
  });

  it('both sides edited the same config differently: a conflict, to be chosen per file', () => {
    const comparison = sameCommit(HEAD, { 'configs/train.yaml': 'lr: 2' }, { 'configs/train.yaml': 'lr: 3' });
    check(comparison, { inSync: false, verdicts: { 'configs/train.yaml': 'conflict' } });
    assert.equal(comparison.files[0]?.kind, 'config');
    assert.equal(comparison.safe.push.safe, false);
    assert.equal(comparison.safe.pull.safe, false);
  });

  it('both sides edited the same code differently: a conflict', () => {
    check(sameCommit(HEAD, { 'train.py': 'x' }, { 'train.py': 'y' }), {
      inSync: false,
      verdicts: { 'train.py': 'conflict' },
    });
  });

  it('both sides edited different files: push one, keep or pull the other', () => {
    check(sameCommit(HEAD, { 'train.py': 'x' }, { 'configs/train.yaml': 'lr: 3' }), {
      inSync: false,
      verdicts: { 'train.py': 'push', 'configs/train.yaml': 'pull' },
      offer: { push: ['train.py'], pull: ['configs/train.yaml'] },
      says: /lacks the edit of 1 file made here and has 1 file edited there/,
    });
  });

  it('commits differ: never in sync; the commits are offered and counted', () => {
    const changed = new Map([
      [
        'train.py',
        {
          before: { kind: 'object', oid: '1', mode: '100644' },
          after: { kind: 'object', oid: '2', mode: '100644' },
        },
      ],
    ] as const);
    const comparison = compare({
      local: gitSide(HEAD, {}, []),
      remote: gitSide(HEAD, {}, [], { head: 'b'.repeat(40) }),
      history: { ...SAME, relation: 'ahead', ahead: 2, localChanges: changed },
    });
    check(comparison, {
      inSync: false,
      verdicts: { 'train.py': 'push' },
      offer: { push: [], pull: [], commits: 'push' },
      says: /^remote is 2 commits behind$/,
    });
    assert.equal(comparison.files[0]?.via, 'commit');
  });

  it('commits differ and nothing else: not in sync either', () => {
    const comparison = compare({
      local: gitSide(HEAD, {}, []),
      remote: gitSide(HEAD, {}, [], { head: 'b'.repeat(40) }),
      history: { ...SAME, relation: 'ahead', ahead: 1 },
    });
    assert.equal(comparison.inSync, false);
  });

  it('no git there and equal files: in sync for what was compared, and it says what was not', () => {
    check(withoutGit(HEAD, HEAD), { inSync: true, says: /commits were not compared/ });
  });

  it('no git there and a different config: push is offered, with the word of the user', () => {
    const comparison = withoutGit(HEAD, { ...HEAD, 'configs/train.yaml': 'lr: 3' });
    check(comparison, {
      inSync: false,
      verdicts: { 'configs/train.yaml': 'conflict' },
      offer: { push: ['configs/train.yaml'], pull: [] },
    });
    assert.equal(comparison.safe.push.safe, false);
  });

  it('no git there and a missing file: push is offered and safe', () => {
    const comparison = withoutGit(HEAD, { 'train.py': 'code' });
    check(comparison, {
      inSync: false,
      verdicts: { 'configs/train.yaml': 'push' },
      offer: { push: ['configs/train.yaml'], pull: [] },
    });
    assert.deepEqual(comparison.safe.push, { safe: true });
  });
});

/** `dep` is a folder with a git of its own, as `git status` lists it. */
function withRepository(side: SideState): SideState {
  const { git } = side;
  assert.ok(git);
  const entry = { kind: 'repository', inHead: false, hasStagedContent: false } as const;
  return {
    ...side,
    git: { ...git, dirty: new Map([...git.dirty, ['dep', entry]]) },
    contents: new Map([...side.contents, ['dep', { kind: 'other', what: 'a folder' }]]),
  };
}

describe('a repository that lies in the project', () => {
  const here = gitSide(HEAD, {}, []);

  it('takes no part: a warning, not a file, so that both sides can be in sync', () => {
    for (const [local, remote, where] of [
      [withRepository(here), withRepository(here), 'on both sides'],
      [withRepository(here), here, 'here'],
      [here, withRepository(here), 'in the checkout'],
    ] as const) {
      const comparison = compare({ local, remote, history: SAME });
      check(comparison, { inSync: true });
      assert.match(
        comparison.warnings.join(),
        new RegExp(`^dep is a git repository of its own ${where} and`),
      );
    }
  });

  it('is not mentioned where it is left out, by a pattern for folders, too', () => {
    const isLeftOut = (path: string): boolean => path === 'dep/';
    const sides = { local: withRepository(here), remote: withRepository(here), history: SAME };
    assert.deepEqual(compare({ ...sides, isLeftOut }).warnings, []);
  });
});

describe('commits', () => {
  const object = (oid: string) => ({ kind: 'object', oid, mode: '100644' }) as const;
  const AHEAD: History = {
    ...SAME,
    relation: 'ahead',
    ahead: 1,
    localChanges: new Map([['train.py', { before: object('1'), after: object('2') }]]),
  };
  const behind = { head: 'b'.repeat(40) };
  const paths = ['train.py', 'lib', 'other.py'];

  it('go though a file beside them cannot be transferred or changed on both sides', () => {
    const dirty = new Map([['lib', { kind: 'submodule', inHead: true, hasStagedContent: false } as const]]);
    const local = gitSide(HEAD, { 'other.py': 'mine' }, paths);
    const remote = gitSide(HEAD, { 'other.py': 'theirs' }, paths, behind);
    const { git } = remote;
    assert.ok(git);
    const comparison = compare({
      local: {
        ...local,
        contents: new Map([...local.contents, ['lib', { kind: 'other', what: 'a folder' }]]),
      },
      remote: { ...remote, git: { ...git, dirty: new Map([...git.dirty, ...dirty]) } },
      history: AHEAD,
    });
    assert.match(comparison.files.find(({ path }) => path === 'lib')?.blocked ?? '', /submodule/);
    assert.equal(comparison.offer?.commits, 'push');
  });

  it('are not offered where they would run over an edit, until that file is chosen', () => {
    const comparison = compare({
      local: gitSide(HEAD, {}, paths),
      remote: gitSide(HEAD, { 'train.py': 'edited there' }, paths, behind),
      history: AHEAD,
    });
    assert.equal(comparison.offer?.commits, undefined);
    assert.throws(
      () => planSync('push', comparison, {}),
      /choose train\.py|which was edited in the checkout too/,
    );
    const plan = planSync('push', comparison, { files: ['train.py'], commits: true });
    assert.deepEqual(plan.commits?.leave, ['train.py']);
  });

  it('go over an edit of a file that is left out, which stays', () => {
    const comparison = compare({
      local: gitSide(HEAD, {}, paths),
      remote: gitSide(HEAD, { 'train.py': 'edited there' }, paths, behind),
      history: AHEAD,
      isLeftOut: (path) => path === 'train.py',
    });
    assert.equal(comparison.offer?.commits, 'push');
    const plan = planSync('push', comparison, {});
    assert.deepEqual(plan.commits?.leave, ['train.py']);
    assert.deepEqual(plan.files, []);
  });
});

describe('a config file', () => {
  it('is known by its name, not by words in its path', () => {
    const expected = {
      'train.py': false,
      'src/config.py': false,
      'experiments/run.py': false,
      'data/big.json': true,
      'requirements.txt': true,
      'README.md': false,
      'setup.py': false,
      'configs/model.yaml': true,
      'pyproject.toml': true,
    };
    for (const [path, isConfig] of Object.entries(expected)) assert.equal(isConfigName(path), isConfig, path);
  });
});
