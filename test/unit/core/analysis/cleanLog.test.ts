import assert from 'node:assert/strict';
import { cleanLines } from '../../../../src/core/analysis/cleanLog';

function checkClean(text: string, expected: string[]): void {
  assert.deepEqual(cleanLines(text), expected);
}

describe('cleanLines', () => {
  it('leaves plain lines as they are', () => {
    checkClean('a\n\n  b\t c\n', ['a', '', '  b\t c']);
    checkClean('no line feed at the end', ['no line feed at the end']);
    checkClean('', []);
    checkClean('\n', ['']);
  });

  it('shows a progress bar drawn with carriage returns in its last state', () => {
    checkClean(' 10%|#   |\r 50%|##  |\r100%|####|\ndone\n', ['100%|####|', 'done']);
  });

  it('keeps what a shorter overwriting text leaves standing, as a terminal does', () => {
    checkClean('abcdef\rXY\n', ['XYcdef']);
  });

  it('reads a line that was overwritten by one longer than a call can have arguments', () => {
    const long = 'x'.repeat(300_000);
    assert.equal(cleanLines(`abc\r${long}\n`, 1_000_000)[0]?.length, long.length);
  });

  it('erases to the end of the line where the program does', () => {
    checkClean('long text\rdone\u001b[K\n', ['done']);
    checkClean('long text\u001b[2K\rnew\n', ['new']);
  });

  it('reads lines that end in carriage return and line feed', () => {
    checkClean('one\r\ntwo\r\n', ['one', 'two']);
  });

  it('drops colours, titles and links', () => {
    checkClean('\u001b[1;31merror\u001b[0m: bad\n', ['error: bad']);
    checkClean('\u001b]0;title\u0007text\n', ['text']);
    checkClean('\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\\n', ['link']);
    checkClean('\u001b(Btext\u001b=\n', ['text']);
  });

  it('follows the cursor up, as several progress bars move it', () => {
    checkClean('first 10%\nsecond 5%\u001b[A\rfirst 90%\n\rsecond 80%\nend\n', [
      'first 90%',
      'second 80%',
      'end',
    ]);
  });

  it('erases nothing when the screen is cleared', () => {
    checkClean('evidence\n\u001b[2J\u001b[Hafter\n', ['evidence', 'after']);
  });

  it('takes back a character for a backspace', () => {
    checkClean('spin |\b/\b-\n', ['spin -']);
  });

  it('drops other control characters and an escape that the end of the text cuts off', () => {
    checkClean('a\u0000b\u0007\u001b[3', ['ab']);
    checkClean('a\u001b', ['a']);
  });

  it('cuts a long line and tells how much is missing', () => {
    assert.deepEqual(cleanLines('x'.repeat(30), 10), ['xxxxxxxxxx… (20 more characters)']);
  });

  it('reads a megabyte of progress bar on one line without delay', () => {
    const bar = Array.from({ length: 10_000 }, (_, n) => `${n}/10000 ${'#'.repeat(90)}`).join('\r');
    const started = process.cpuUsage().user;
    checkClean(bar, [`9999/10000 ${'#'.repeat(90)}`]);
    assert.ok(process.cpuUsage(undefined).user - started < 2_000_000);
  });
});
