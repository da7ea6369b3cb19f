import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { quoteWord } from '../../../src/core/base/shellWord';

const run = promisify(execFile);

describe('A real sh reads back quoted words', () => {
  it('exactly, whatever is in them', async () => {
    const nasty = fc.constantFrom(...'\'"\\$`!*?[]{}()<>|&;~#=% \t\n\raZ0-é日'.split(''));
    const text = fc.array(nasty, { maxLength: 10 }).map((parts) => parts.join(''));
    const words = [
      '',
      ' ',
      '-n',
      '~',
      '~/x',
      '$HOME',
      "it's",
      "''",
      '*',
      'a\nb\n',
      '\\',
      ...fc.sample(text, { numRuns: 1000, seed: 7 }),
    ];
    const script = `printf '%s\\0' ${words.map(quoteWord).join(' ')}`;
    const { stdout } = await run('sh', ['-c', script]);
    assert.deepEqual(stdout.split('\0').slice(0, -1), words);
  });
});
