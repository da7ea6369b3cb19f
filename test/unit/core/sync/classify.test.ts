import assert from 'node:assert/strict';
import { classify } from '../../../../src/core/sync/classify';
import type { Verdict } from '../../../../src/core/sync/comparison';
import { content } from './sides';

/** One letter is one content, `-` is none. `base` is what git's merge base has; undefined: not known. */
function check(
  { local, remote, base, synced }: { local: string; remote: string; base?: string; synced?: string },
  expected: Verdict,
): void {
  const of = (letter: string) => content(letter === '-' ? undefined : letter);
  const fact = (letter: string) => ({
    content: of(letter),
    isAtBase: base === undefined ? letter === '-' && synced === undefined : letter === base,
  });
  assert.equal(
    classify({
      local: fact(local),
      remote: fact(remote),
      ...(synced !== undefined && { synced: of(synced) }),
    }),
    expected,
  );
}

describe('the verdict about a file', () => {
  it('is "same" when both sides are equal, whatever was before', () => {
    check({ local: 'a', remote: 'a', base: 'a' }, 'same');
    check({ local: 'b', remote: 'b', base: 'a' }, 'same');
    check({ local: '-', remote: '-', base: 'a' }, 'same');
    check({ local: 'b', remote: 'b', synced: 'a' }, 'same');
    check({ local: 'a', remote: 'a' }, 'same');
  });

  it('is "push" when only this side changed or added it', () => {
    check({ local: 'b', remote: 'a', base: 'a' }, 'push');
    check({ local: 'b', remote: '-', base: '-' }, 'push');
    check({ local: 'b', remote: 'a', synced: 'a' }, 'push');
    check({ local: 'b', remote: '-' }, 'push');
  });

  it('is "pull" when only the remote changed or added it', () => {
    check({ local: 'a', remote: 'b', base: 'a' }, 'pull');
    check({ local: '-', remote: 'b', base: '-' }, 'pull');
    check({ local: 'a', remote: 'b', synced: 'a' }, 'pull');
    check({ local: '-', remote: 'b' }, 'pull');
  });

  it('is a delete when one side lost it and the other left it alone', () => {
    check({ local: '-', remote: 'a', base: 'a' }, 'deletedHere');
    check({ local: 'a', remote: '-', base: 'a' }, 'deletedThere');
    check({ local: '-', remote: 'a', synced: 'a' }, 'deletedHere');
    check({ local: 'a', remote: '-', synced: 'a' }, 'deletedThere');
  });

  it('is "conflict" when both sides changed it differently', () => {
    check({ local: 'b', remote: 'c', base: 'a' }, 'conflict');
    check({ local: 'b', remote: 'c', base: '-' }, 'conflict');
    check({ local: 'b', remote: 'c', synced: 'a' }, 'conflict');
    check({ local: '-', remote: 'b', base: 'a' }, 'conflict');
    check({ local: 'b', remote: '-', base: 'a' }, 'conflict');
    check({ local: '-', remote: 'b', synced: 'a' }, 'conflict');
  });

  it('is "conflict" at the first contact of two different files', () => {
    check({ local: 'a', remote: 'b' }, 'conflict');
  });

  it('takes the last synced state before the commit: an edit that was pushed before is no edit there', () => {
    check({ local: 'c', remote: 'b', base: 'a', synced: 'b' }, 'push');
    check({ local: 'b', remote: 'c', base: 'a', synced: 'b' }, 'pull');
  });

  it('follows a side that went back to the commit after a sync', () => {
    check({ local: 'a', remote: 'b', base: 'a', synced: 'b' }, 'push');
    check({ local: 'b', remote: 'a', base: 'a', synced: 'b' }, 'pull');
  });

  it('falls back to the commit when the synced state is history on both sides', () => {
    check({ local: 'c', remote: 'b', base: 'b', synced: 'a' }, 'push');
    check({ local: 'b', remote: 'c', base: 'b', synced: 'a' }, 'pull');
    check({ local: 'c', remote: 'd', base: 'b', synced: 'a' }, 'conflict');
  });
});
