import assert from 'node:assert/strict';
import { SourceJudge } from '../../../../src/core/engine/sourceJudge';

/** What happened at each source, one letter an attempt: `.` succeeded, any other letter failed with that cause. */
function checkVerdict(attempts: { a: string; b: string }, isOut: boolean): void {
  const judge = new SourceJudge();
  for (const [source, letters] of Object.entries(attempts)) {
    for (const letter of letters) {
      if (letter === '.') judge.succeeded(source);
      else judge.failed(source, letter);
    }
  }
  assert.equal(judge.verdict('a', ['b']) !== undefined, isOut, JSON.stringify(attempts));
}

describe('SourceJudge', () => {
  it('takes a source out at five tasks and 40 % failures of its own', () => {
    checkVerdict({ a: 'xx...', b: '.' }, true);
    checkVerdict({ a: 'x....', b: '.' }, false);
    checkVerdict({ a: 'xx..', b: '.' }, false);
  });

  it('does not blame a source for causes that others show too', () => {
    checkVerdict({ a: 'xxxxx', b: '.x' }, false);
    checkVerdict({ a: 'xxxyy', b: '.x' }, true);
  });

  it('blames nobody while tasks are known to work nowhere', () => {
    checkVerdict({ a: 'xxxxx', b: '' }, false);
    checkVerdict({ a: 'xxxxx', b: 'yy' }, false);
  });

  it('starts afresh when a source is given another chance', () => {
    const judge = new SourceJudge();
    judge.succeeded('b');
    for (let count = 0; count < 5; count++) judge.failed('a', 'x');
    judge.forget('a');
    assert.equal(judge.verdict('a', ['b']), undefined);
  });
});
