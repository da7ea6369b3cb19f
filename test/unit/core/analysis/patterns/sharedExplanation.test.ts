import assert from 'node:assert/strict';
import { analyzeFailure } from '../../../../../src/core/analysis/analyzeFailure';
import type { FailureGroup } from '../../../../../src/core/analysis/failure';
import { groupFailures } from '../../../../../src/core/analysis/groupFailures';
import { explanationSentences } from '../../../../../src/core/analysis/explanationText';

/** One group of tasks that say these last words, each its own. */
function groupOf(exitCode: number, ...said: readonly string[]): FailureGroup {
  const failures = said.map((stderrTail, index) => {
    const task = {
      number: index + 1,
      name: `task_${index + 1}`,
      state: 'failed' as const,
      attempt: 1,
      exitCode,
      stdout: '/out/stdout.log',
      stderr: '/out/stderr.log',
    };
    const failure = analyzeFailure({ task, stderrTail, stdoutTail: '', projectDir: '/home/ada/project' });
    return { ...failure, signature: 'one' };
  });
  const [group, ...others] = groupFailures(failures);
  assert.ok(group && others.length === 0);
  return group;
}

function raised(exception: string): string {
  return `Traceback (most recent call last):\n  File "/home/ada/project/train.py", line 12, in main\n    step()\n${exception}\n`;
}

function missing(...files: readonly string[]): FailureGroup {
  const words = (file: string): string =>
    raised(`FileNotFoundError: [Errno 2] No such file or directory: '${file}'`);
  return groupOf(1, ...files.map(words));
}

describe('what the failure of a group means', () => {
  it('is what it means of each, where all say the same', () => {
    const { explanation } = missing('a.csv', 'a.csv');
    assert.equal(explanation?.explanation, 'There is no "a.csv" on that machine.');
    assert.equal('unfilled' in explanation, false);
  });

  it('lists what was caught where it differs', () => {
    assert.equal(
      missing('a.csv', 'b.csv', 'a.csv').explanation?.explanation,
      'There is no "a.csv" or "b.csv" on that machine.',
    );
    assert.equal(
      missing('a', 'b', 'c', 'd', 'e', 'f').explanation?.explanation,
      'There is no "a", "b", "c" or 3 more on that machine.',
    );
  });

  it('tells sizes of all its tasks', () => {
    const words = (size: string): string =>
      raised(
        `torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate ${size} (GPU 0; 14.56 GiB total)`,
      );
    assert.equal(
      groupOf(1, words('100.00 MiB'), words('1.69 GiB')).explanation?.explanation,
      'The GPU had no 100.00 MiB or 1.69 GiB left for this task.',
    );
  });

  it('says whose line it quotes where the others said another', () => {
    const group = groupOf(1, 'cat: a: No such file or directory\n', 'cat: b: No such file or directory\n');
    assert.ok(group.explanation);
    assert.deepEqual(explanationSentences(group.explanation).slice(0, 2), [
      'There is no "a" or "b" on that machine.',
      'Told by the last line of stderr of task 1: "cat: a: No such file or directory".',
    ]);
    const same = groupOf(1, 'cat: a: No such file or directory\n', 'cat: a: No such file or directory\n');
    assert.ok(same.explanation);
    assert.match(explanationSentences(same.explanation)[1] ?? '', /the last line of stderr: /u);
  });
});
