import assert from 'node:assert/strict';
import { plainPalette } from '../../../../src/cli/text/palette';
import { countProblems, formatProblem } from '../../../../src/cli/text/problemText';
import type { FileProblem } from '../../../../src/core/base/errors';

const problem: FileProblem = {
  file: '/project/sweeps/lr.yaml',
  range: { line: 3, column: 7, endLine: 3, endColumn: 10 },
  severity: 'error',
  code: 'not-a-list',
  message: '`lr` must be a list.',
  hint: 'Write [0.1].',
};

const style = { cwd: '/project', palette: plainPalette };

describe('a problem as the command line tells it', () => {
  it('begins as compilers write it, relative to the current folder, and ends with the hint', () => {
    assert.deepEqual(formatProblem(problem, style), [
      'sweeps/lr.yaml:3:7: error: `lr` must be a list.',
      '  hint: Write [0.1].',
    ]);
  });

  it('names a file elsewhere in full', () => {
    const [line] = formatProblem({ ...problem, file: '/home/me/.hsm/config.yaml' }, style);
    assert.equal(line, '/home/me/.hsm/config.yaml:3:7: error: `lr` must be a list.');
  });

  checkExcerpt('sweep:\n grid:\n  lr: 0.1', ['  3 |   lr: 0.1', '    |       ^^^']);
  checkExcerpt('a\r\nb\r\n\t학:  0.1\r\n', ['  3 | \t학:  0.1', '    | \t      ^^']);
  checkExcerpt('only one line', []);
  checkExcerpt(`a\nb\n${'x'.repeat(500)}`, []);

  function checkExcerpt(text: string, lines: readonly string[]): void {
    it(`shows the place in ${JSON.stringify(text.slice(0, 30))}`, () => {
      const told = formatProblem(problem, { ...style, textOf: () => text });
      assert.deepEqual(told.slice(1, -1), lines);
    });
  }

  it('marks to the end of the line where it goes over several', () => {
    const range = { line: 1, column: 3, endLine: 4, endColumn: 2 };
    const told = formatProblem({ ...problem, range }, { ...style, textOf: () => 'a: [1,\n2\n' });
    assert.equal(told[2], '    |   ^^^^');
  });
});

describe('the count of problems', () => {
  it('names errors, warnings and notes that there are, and the files', () => {
    const warning = { ...problem, severity: 'warning', file: '/project/other.yaml' } as const;
    assert.equal(countProblems([problem, warning, problem]), '2 errors, 1 warning in 2 files');
    assert.equal(countProblems([warning]), '0 errors, 1 warning in 1 file');
  });
});
