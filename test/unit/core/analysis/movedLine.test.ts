import assert from 'node:assert/strict';
import { findLineNow, moveLine } from '../../../../src/core/analysis/movedLine';
import { FakeFacade } from '../../../support/fakeFacade';

const BEFORE = 'import sys\n\ndef main():\n    load()\n    step()\n    save()\n';

describe('where a line of code is after the file changed', () => {
  const cases: readonly [string, string, number, number][] = [
    ['the same file', BEFORE, 5, 5],
    ['lines added above', `import os\n${BEFORE}`, 5, 6],
    ['lines added below', `${BEFORE}main()\n`, 5, 5],
    ['lines removed above', BEFORE.replace('    load()\n', ''), 5, 4],
    ['changes above and below', `import os\n${BEFORE}`.replace('save()', 'store()'), 5, 6],
    ['Windows line ends', BEFORE.replaceAll('\n', '\r\n'), 5, 5],
    ['a deeper indentation', BEFORE.replace('    step()', '    for _ in data:\n        step()'), 5, 6],
    ['the line itself changed', BEFORE.replace('step()', 'step(lr)'), 5, 5],
    ['the line removed', BEFORE.replace('    step()\n', ''), 5, 5],
    ['everything removed', '', 5, 1],
  ];
  for (const [what, after, line, expected] of cases) {
    it(`${what}: line ${line} is line ${expected}`, () => {
      assert.equal(moveLine(BEFORE, after, line), expected);
    });
  }

  it('takes the nearest of equal lines', () => {
    assert.equal(moveLine('a\nx\nb\nc\nx\nd', 'A\nx\nB\nB\nc\nx\nD', 5), 6);
  });
});

describe('where a line of a sweep is now', () => {
  const facade = new FakeFacade();
  facade.codeAnswers.set('/project/train.py', { text: 'a\nb\n', commit: 'c', dirty: false });

  it('says whether the file changed', async () => {
    const now = (text: string): ReturnType<typeof findLineNow> =>
      findLineNow(
        { facade, readText: () => Promise.resolve(text) },
        { sweepId: 'lr_1', task: 1 },
        '/project/train.py',
        2,
      );
    assert.deepEqual(await now('a\nb\n'), { line: 2, isFileChanged: false });
    assert.deepEqual(await now('a\n\nb\n'), { line: 3, isFileChanged: true });
    assert.deepEqual(await now('a\nc\n'), { line: 2, isFileChanged: true, isLineGone: true });
    assert.deepEqual(await now('a\r\nb\r\n'), { line: 2, isFileChanged: false });
  });

  it('leaves the line of a file that is gone, and of one that nobody knows', async () => {
    const sources = { facade, readText: () => Promise.reject(new Error('ENOENT')) };
    assert.deepEqual(await findLineNow(sources, { sweepId: 'lr_1', task: 1 }, '/project/train.py', 2), {
      line: 2,
      isFileChanged: true,
      isLineGone: true,
    });
    assert.deepEqual(await findLineNow(sources, { sweepId: 'lr_1', task: 1 }, '/project/other.py', 2), {
      line: 2,
      isFileChanged: false,
    });
  });
});
