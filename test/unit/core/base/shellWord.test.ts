import assert from 'node:assert/strict';
import { quoteWord } from '../../../../src/core/base/shellWord';

describe('A quoted word', () => {
  it('is left alone when a shell reads it as it is', () => {
    for (const word of ['train.py', '/a/b-c', 'a=b'.replace('=', ':'), 'x@y', '1,2', '50%'])
      assert.equal(quoteWord(word), word);
  });

  it('is put in single quotes otherwise', () => {
    assert.equal(quoteWord(''), "''");
    assert.equal(quoteWord('a b'), "'a b'");
    assert.equal(quoteWord('$HOME'), "'$HOME'");
    assert.equal(quoteWord('~/x'), "'~/x'");
    // As the first word it would be an assignment.
    assert.equal(quoteWord('a=b'), "'a=b'");
    assert.equal(quoteWord("it's"), String.raw`'it'\''s'`);
  });
});
