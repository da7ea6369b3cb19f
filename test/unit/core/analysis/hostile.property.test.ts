import assert from 'node:assert/strict';
import fc from 'fast-check';
import { analyzeFailure } from '../../../../src/core/analysis/analyzeFailure';
import { cleanLines } from '../../../../src/core/analysis/cleanLog';
import { codeBlock } from '../../../../src/core/analysis/markdown';

/** Pieces of which tracebacks and terminal output are made, in any order. */
const piece = fc.constantFrom(
  'Traceback (most recent call last):\n',
  '  + Exception Group Traceback (most recent call last):\n',
  '  | ',
  '  +-+---------------- 1 ----------------\n',
  '    +------------------------------------\n',
  '  File "/p/a.py", line 3, in f\n',
  '  File "/p/a.py", line 3\n',
  '    text\n',
  '    ^^^^\n',
  'ValueError: bad 3\n',
  'Epoch: 3\n',
  'The above exception was the direct cause of the following exception:\n',
  'During handling of the above exception, another exception occurred:\n',
  'Exception ignored in: x\n',
  '[rank0]: ',
  '"""\n',
  '\n',
  '\r',
  '\u001b[A',
  '\u001b[K',
  '\u001b[3',
  '\u001b]0;',
  '\b',
  '```',
);
const text = fc
  .array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 60 })
  .map((parts) => parts.join(''));

describe('the analysis of any output', () => {
  it('ends, with a title of one line and frames with line numbers', () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom(0, 1, 2, 127, 137), (stderrTail, stdoutTail, exitCode) => {
        const failure = analyzeFailure({
          task: { number: 1, name: 't', state: 'failed', attempt: 1, exitCode, stdout: '/o', stderr: '/e' },
          stderrTail,
          stdoutTail,
          projectDir: '/p',
        });
        assert.match(failure.title, /^\S[^\n]*$/u);
        assert.notEqual(failure.signature, '');
        assert.ok(failure.frames.every(({ line }) => Number.isInteger(line)));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves no escape and no line break in a line', () => {
    fc.assert(
      fc.property(text, (output) => {
        for (const line of cleanLines(output))
          assert.ok(!['\u001b', '\n', '\r', '\b'].some((control) => line.includes(control)));
      }),
      { numRuns: 500 },
    );
  });

  it('cannot end the block that shows it', () => {
    fc.assert(
      fc.property(text, (output) => {
        const lines = cleanLines(output);
        const [fence = '', ...rest] = codeBlock(lines).split('\n');
        const ticks = fence.replace('text', '');
        assert.equal(
          rest.findIndex((line) => line.startsWith(ticks)),
          lines.length,
        );
      }),
    );
  });
});
