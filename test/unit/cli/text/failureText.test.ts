import assert from 'node:assert/strict';
import { formatFailure } from '../../../../src/cli/text/failureText';
import { plainPalette } from '../../../../src/cli/text/palette';
import type { TaskFailure } from '../../../../src/core/analysis/failure';
import type { TaskDetails } from '../../../../src/core/facade';
import { taskOf } from '../support/summaries';

const dir = '/project/outputs/sweep_a/tasks/task_0007';
const task: TaskDetails = {
  ...taskOf({ number: 7, state: 'failed', reason: 'exit code 1' }),
  sweepId: 'sweep_a',
  parameters: { lr: -1, name: 'adam' },
  argv: ['python3', 'train.py', 'lr=-1'],
  dir,
  stdout: `${dir}/stdout.log`,
  stderr: `${dir}/stderr.log`,
};
const frame = {
  file: 'train.py',
  line: 42,
  function: 'main',
  text: '  fit(lr)',
  localFile: '/project/train.py',
};
const failure: TaskFailure = {
  task: 7,
  name: 'task_0007',
  state: 'failed',
  attempt: 2,
  exitCode: 1,
  title: 'ValueError: learning rate must be positive',
  frames: [frame, { file: '/usr/lib/python3/nn.py', line: 3 }],
  culprit: frame,
  related: [{ relation: 'cause', title: 'KeyError: lr', frames: [{ ...frame, line: 9 }] }],
  signature: 'x',
  stderrTail: ['Traceback \u001b[31m(most recent call last):', 'ValueError: learning rate must be positive'],
  stdoutTail: ['epoch 1'],
  stderrFile: task.stderr,
  stdoutFile: task.stdout,
};
const style = { cwd: '/project', palette: plainPalette, handle: 'last' };

describe('a failure in full', () => {
  it('tells what a rerun gave the task', () => {
    const rerun = { ...task, resources: { sources: ['box2'], timeLimitSec: 14_400 } };
    const [first] = formatFailure(failure, rerun, style);
    assert.match(first ?? '', /^task_0007 failed \(exit code 1\), attempt 2, only on box2, time limit 4 h: /);
  });

  it('tells what, where, with what, and where to read on', () => {
    assert.deepEqual(formatFailure(failure, task, style), [
      'task_0007 failed (exit code 1), attempt 2: ValueError: learning rate must be positive',
      '  at train.py:42 in main',
      '',
      '  train.py:9 in main',
      '      fit(lr)',
      '  KeyError: lr, which caused:',
      '',
      '  train.py:42 in main',
      '      fit(lr)',
      '  /usr/lib/python3/nn.py:3',
      '  ValueError: learning rate must be positive',
      '',
      'last lines of stderr:',
      '  Traceback  [31m(most recent call last):',
      '  ValueError: learning rate must be positive',
      '',
      'last lines of stdout:',
      '  epoch 1',
      '',
      'parameters: lr=-1  name="adam"',
      'command:    python3 train.py lr=-1',
      'stderr:     outputs/sweep_a/tasks/task_0007/stderr.log',
      'stdout:     outputs/sweep_a/tasks/task_0007/stdout.log',
      'again:      hsm rerun last --tasks 7',
    ]);
  });

  it('tells of an exception that was printed on the way, and of a line that may have to do with the end', () => {
    const [, ours] = failure.frames;
    const handled: TaskFailure = {
      ...failure,
      frames: [],
      related: [],
      earlier: { title: 'KeyError: lr', ...(ours && { place: ours }) },
      explanation: {
        pattern: 'disk-full',
        class: 'resource',
        explanation: 'A disk is full.',
        advice: 'Make room.',
        knownFrom: 'https://example.org',
        said: { log: 'stdout', line: 'No space left on device', linesAfter: 20 },
        isOnlyRelated: true,
      },
    };
    assert.deepEqual(formatFailure(handled, task, style).slice(2, 7), [
      '',
      'May be related, though nothing shows it: a line of stdout, 20 lines before its end: "No space left on device". Where that is the cause: A disk is full.',
      'Then: Make room.',
      '',
      'An exception was also printed earlier, and the program went on after it: KeyError: lr, at /usr/lib/python3/nn.py:3.',
    ]);
  });

  it('ends the frames with the exception that they lead to, where the program ended otherwise', () => {
    const title = 'exit code 3; the last line of stderr: ValueError: lr is bad';
    const lines = formatFailure({ ...failure, title, raised: 'ValueError: lr is bad' }, task, style);
    assert.equal(lines[lines.indexOf('  /usr/lib/python3/nn.py:3') + 1], '  ValueError: lr is bad');
  });

  it('says which of its lines have changed since', () => {
    const changed = [
      { file: '/project/train.py', line: 42, lineNow: 44 },
      { file: '/project/model.py', line: 3, lineNow: 3 },
      { file: '/project/data.py', line: 7 },
    ];
    assert.deepEqual(formatFailure(failure, task, style, changed).slice(2, 6), [
      '  train.py has changed since this ran: line 42 is now line 44.',
      '  model.py has changed since this ran, but not at line 3.',
      '  data.py has changed since this ran: line 7 as it was is not there any more.',
      '',
    ]);
  });

  it('lets nothing that turns the direction of writing through, wherever it stands', () => {
    const turned = 'x\u202ey\u2066z';
    const foreign = { file: `/${turned}.py`, line: 1, function: turned, text: turned };
    const lines = formatFailure(
      {
        ...failure,
        title: turned,
        culprit: foreign,
        frames: [foreign],
        related: [{ relation: 'cause', title: turned, frames: [foreign] }],
        earlier: { title: turned, place: foreign },
        stderrTail: [turned],
        stdoutTail: [turned],
        otherLogs: [{ file: '/project/a.log', tail: [turned] }],
      },
      { ...task, reason: turned },
      style,
    );
    assert.ok(lines.filter((line) => line.includes('xyz')).length > 8, lines.join('\n'));
    assert.doesNotMatch(lines.join('\n'), /[\u202e\u2066]/u);
  });

  it('shows standard output where standard error is empty', () => {
    const silent: TaskFailure = { ...failure, frames: [], related: [], stderrTail: [] };
    const lines = formatFailure(silent, task, style);
    assert.deepEqual(lines.slice(2, 5), ['', 'last lines of stdout:', '  epoch 1']);
  });
});
