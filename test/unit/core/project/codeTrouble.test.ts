import assert from 'node:assert/strict';
import { HsmError } from '../../../../src/core/base/errors';
import { codeTrouble } from '../../../../src/core/project/codeTrouble';
import type { CodeTrouble } from '../../../../src/core/project/preflight';
import type { StartOptions } from '../../../../src/core/facade';
import type { Comparison } from '../../../../src/core/sync/comparison';
import { sameCommit } from '../sync/sides';

const { signal } = new AbortController();

const HEAD = { 'a.py': '1', 'b.py': '1' };
const BEHIND = sameCommit(HEAD, { 'a.py': '2' }, {});

function troubleOf(
  comparison: Comparison | Error,
  beforeStart: 'always' | 'ask' | 'never' = 'ask',
  options: StartOptions = {},
): Promise<CodeTrouble | undefined> {
  const compare = (): Promise<Comparison> =>
    comparison instanceof Error ? Promise.reject(comparison) : Promise.resolve(comparison);
  return codeTrouble({ compare }, 'gpubox', { exclude: [], beforeStart }, options, signal);
}

describe('the user’s copy before a start', () => {
  it('is no trouble when it is in step', async () => {
    assert.equal(await troubleOf(sameCommit(HEAD, {}, {})), undefined);
  });

  it('is the user’s decision when it is not', async () => {
    const trouble = await troubleOf(BEHIND);
    assert.match(trouble?.text ?? '', /remote lacks the edit of 1 file/);
    assert.equal(trouble?.canPush, true);
    assert.match(trouble.fix ?? '', /hsm sync push/);
  });

  it('is no trouble where the decision was made', async () => {
    assert.equal(await troubleOf(BEHIND, 'never'), undefined);
    assert.equal(await troubleOf(BEHIND, 'always'), undefined);
    assert.equal(await troubleOf(BEHIND, 'ask', { sync: 'skip' }), undefined);
    assert.equal(await troubleOf(BEHIND, 'ask', { sync: 'push' }), undefined);
  });

  it('is told of what a push leaves different, though the decision was made', async () => {
    const comparison = sameCommit(HEAD, { 'a.py': '2', 'b.py': undefined }, { 'slurm-1.out': 'log' });
    assert.deepEqual(await troubleOf(comparison, 'ask', { sync: new Map([['gpubox', 'push']]) }), {
      text: 'A push leaves these different: b.py (deleted here, still there).',
      canPush: true,
      severity: 'warning',
    });
    assert.equal(await troubleOf(comparison, 'ask', { sync: new Map([['gpubox', 'skip']]) }), undefined);
    assert.equal((await troubleOf(comparison, 'ask', { sync: new Map([['other', 'skip']]) }))?.canPush, true);
  });

  it('is trouble when it cannot be looked at, but a defect is a defect', async () => {
    const error = new HsmError('host.unreachable', 'gpu01 is away.', { host: 'gpu01', hint: 'Wait.' });
    assert.deepEqual(await troubleOf(error), { text: 'gpu01 is away.', fix: 'Wait.', canPush: false });
    await assert.rejects(troubleOf(new TypeError('x is undefined')), TypeError);
  });
});
