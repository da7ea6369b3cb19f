import assert from 'node:assert/strict';
import { displayWidth, oneLine, printable, truncate } from '../../../../src/cli/text/displayWidth';

describe('the width of a text on a terminal', () => {
  checkWidth('plain', 5);
  checkWidth('\u001b[31mred\u001b[39m', 3);
  checkWidth('학습률', 6);
  checkWidth('é', 1);
  checkWidth('e\u0301', 1);
  checkWidth('👩‍🔬', 2);
  checkWidth('━─…', 3);

  function checkWidth(text: string, width: number): void {
    it(`of ${JSON.stringify(text)} is ${width}`, () => {
      assert.equal(displayWidth(text), width);
    });
  }
});

describe('a text that must fit', () => {
  checkTruncate('ValueError', 10, 'ValueError');
  checkTruncate('ValueError', 6, 'Value…');
  checkTruncate('학습률 오류', 6, '학습…');
  checkTruncate('x', 0, '');

  function checkTruncate(text: string, columns: number, expected: string): void {
    it(`of ${JSON.stringify(text)} in ${columns} columns is ${JSON.stringify(expected)}`, () => {
      assert.equal(truncate(text, columns), expected);
      assert.ok(displayWidth(expected) <= columns);
    });
  }
});

describe('a foreign text', () => {
  it('loses everything that a terminal would obey', () => {
    assert.equal(oneLine('\u001b]0;title\u0007boom\r\nnext\t\u009b31m'), ']0;title boom next 31m');
    assert.equal(oneLine('invoice\u202eyp.exe\u2069'), 'invoiceyp.exe');
  });

  it('keeps its tabs where columns count', () => {
    assert.equal(printable('a\t\u001b[2Jb'), 'a\t [2Jb');
  });
});
