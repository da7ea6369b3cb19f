import assert from 'node:assert/strict';
import { analyzeFailure } from '../../../../src/core/analysis/analyzeFailure';
import type { TaskFailure } from '../../../../src/core/analysis/failure';
import { groupFailures } from '../../../../src/core/analysis/groupFailures';
import { codeBlock } from '../../../../src/core/analysis/markdown';
import { formatSweepErrors } from '../../../../src/core/analysis/sweepErrors';
import { formatTaskSummary } from '../../../../src/core/analysis/taskSummary';
import type { SweepSummary, TaskDetails } from '../../../../src/core/facade';
import { readTracebackSample } from './fixture';

const PROJECT = '/home/user/project';
const OUT = `${PROJECT}/outputs/s1/tasks`;

function details(number: number, changes: Partial<TaskDetails> = {}): TaskDetails {
  const name = `task_${String(number).padStart(4, '0')}`;
  return {
    number,
    name,
    sweepId: 's1',
    state: 'failed',
    attempt: 2,
    exitCode: 1,
    source: 'local',
    startedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    endedAtMs: Date.UTC(2026, 0, 2, 3, 4, 8, 260),
    parameters: { 'optimizer.lr': 0.1, 'model.name': 'a`b', layers: [8, 16] },
    argv: ['python3', 'train.py', 'optimizer.lr=0.1', 'note=two words'],
    dir: `${OUT}/${name}`,
    stdout: `${OUT}/${name}/stdout.log`,
    stderr: `${OUT}/${name}/stderr.log`,
    ...changes,
  };
}

function failureOf(task: TaskDetails, stderrTail: string): TaskFailure {
  return analyzeFailure({ task, stderrTail, stdoutTail: 'epoch 1\n', projectDir: PROJECT });
}

function summarize(stderr: string, changes: Partial<TaskDetails> = {}): string {
  const task = details(12, changes);
  return formatTaskSummary(failureOf(task, stderr), task, PROJECT);
}

describe('codeBlock', () => {
  it('shows more runs of backticks than a call can have arguments', () => {
    assert.match(codeBlock(['` '.repeat(300_000)]), /^```text\n/u);
  });
});

describe('formatTaskSummary', () => {
  it('says first what happened and where, then the rest', () => {
    const text = summarize(readTracebackSample('simple.py39'));
    assert.equal(
      text.slice(0, text.indexOf('## Last lines')),
      [
        '# task_0012 failed',
        '',
        '`ValueError: loss is nan at epoch 17: the learning rate is too large`',
        '',
        'At [`model.py:8`](file:///home/user/project/model.py#L8) in `check_loss`.',
        '',
        'Exit code 1, attempt 2, on `local`, started 2026-01-02 03:04:05 UTC, ran 3.3 s.',
        '',
        'Whole output: [`stderr.log`](file:///home/user/project/outputs/s1/tasks/task_0012/stderr.log), [`stdout.log`](file:///home/user/project/outputs/s1/tasks/task_0012/stdout.log).',
        '',
        '## What it means',
        '',
        'A number became NaN or infinite.',
        '',
        'Look at the learning rate of these tasks first. Clip gradients, check the data for NaN, and in mixed precision use bfloat16 or a gradient scaler. torch.autograd.set_detect_anomaly(True) finds the operation.',
        '',
        'See <https://pytorch.org/docs/stable/autograd.html#anomaly-detection>.',
        '',
        '## Parameters',
        '',
        '- `optimizer.lr`: `0.1`',
        '- `model.name`: ``a`b``',
        '- `layers`: `[8,16]`',
        '',
        '## Command',
        '',
        '```sh',
        "python3 train.py 'optimizer.lr=0.1' 'note=two words'",
        '```',
        '',
        '## Traceback',
        '',
        '- [`simple.py:10`](file:///home/user/project/simple.py#L10) in `<module>`: `train()`',
        '- [`simple.py:6`](file:///home/user/project/simple.py#L6) in `train`: `check_loss(float("nan"), 17)`',
        '- [`model.py:8`](file:///home/user/project/model.py#L8) in `check_loss`: `raise ValueError(f"loss is {loss} at epoch {epoch}: the learning rate is too large")`',
        '',
        '`ValueError: loss is nan at epoch 17: the learning rate is too large`',
        '',
        '',
      ].join('\n'),
    );
  });

  it('shows the chain of exceptions with how each led to the next', () => {
    const text = summarize(readTracebackSample('chained.py311'));
    const order = [
      "`KeyError: 'swish'`",
      'was the direct cause of:',
      "`ValueError: unknown activation 'swish'`",
      'and while it was handled:',
    ];
    const places = order.map((words) => text.lastIndexOf(words));
    assert.ok(!places.includes(-1), text);
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
  });

  it('cannot be broken out of by the output of the program', () => {
    const text = summarize('a\n```\n# heading\n````\nb\n', { exitCode: 2 });
    const [, block = ''] = text.split('## Last lines of stderr\n\n');
    assert.ok(
      block.startsWith('`````text\na\n```\n# heading\n````\nb\n`````\n\n## Last lines of stdout\n'),
      block,
    );
  });

  it('leaves out the middle of a very long trace', () => {
    const frames = Array.from(
      { length: 500 },
      (_, n) => `  File "${PROJECT}/a.py", line ${n + 1}, in f${n}\n    g()\n`,
    );
    const text = summarize(`Traceback (most recent call last):\n${frames.join('')}RecursionError: deep\n`);
    assert.match(text, /in `f9`.*\n- … 465 more frames …\n.*in `f475`/u);
    assert.match(text, /in `f499`/u);
  });

  it('encodes what would end a link', () => {
    const stderr = `${PROJECT}/a (1) [x]#%/stderr.log`;
    const text = summarize('', { stderr });
    const target = /stderr\.log`\]\((.*?)\)/u.exec(text)?.[1] ?? '';
    assert.equal(new URL(target).protocol, 'file:');
    assert.equal(decodeURIComponent(new URL(target).pathname), stderr);
  });

  it('shows the end of stdout also when there is something on stderr', () => {
    assert.match(
      summarize('UserWarning: old\n'),
      /## Last lines of stderr[\s\S]*## Last lines of stdout\n\n```text\nepoch 1\n```\n$/u,
    );
  });

  it('tells of an exception that was printed on the way, and of the line that an explanation rests on', () => {
    const handled = `${readTracebackSample('simple.py311')}epoch 1\ncp: cannot write: No space left on device\n`;
    const text = summarize(handled, { exitCode: 3 });
    assert.match(
      text,
      /An exception was also printed earlier, and the program went on after it: `ValueError: .*`, at \[`model.py:8`\]/u,
    );
    assert.match(text, /Told by the last line of stderr: "cp: cannot write: No space left on device"\./u);
  });

  it('shows the end of stdout when there is nothing on stderr', () => {
    const text = summarize('', { exitCode: 3 });
    assert.match(text, /## Last lines of stdout\n\n```text\nepoch 1\n```\n$/u);
  });

  it('says that a lost task is lost', () => {
    const text = summarize('', {
      state: 'lost',
      exitCode: undefined,
      reason: 'process gone without an end record',
    });
    assert.match(text, /^# task_0012 is lost\n\n`lost: process gone without an end record`\n/u);
  });

  it('shows no secret of the parameters, the command or the output', () => {
    const secret = 'hunter2x';
    const text = summarize(`connecting with password=${secret}\nRuntimeError: password=${secret} refused\n`, {
      parameters: { 'db.password': secret },
      argv: ['x', `--db-password=${secret}`, '--api-key', secret],
    });
    assert.ok(!text.includes(secret), text);
    assert.match(text, /`db.password`: `\[redacted\]`/u);
  });
});

describe('formatSweepErrors', () => {
  const samples = ['simple.py39', 'library.py39', 'simple.py311'];
  const failures = samples.map((sample, index) => failureOf(details(index + 1), readTracebackSample(sample)));
  const summary: SweepSummary = {
    id: 's1',
    dir: `${PROJECT}/outputs/s1`,
    file: 'sweeps/lr.yaml',
    state: 'failed',
    total: 8,
    counts: { waiting: 0, queued: 0, running: 0, succeeded: 4, failed: 3, cancelled: 0, lost: 1 },
    sources: ['local'],
    createdAtMs: 0,
    driver: 'here',
    notes: [],
  };

  it('lists the causes, biggest first, with their place, tasks and an example', () => {
    const text = formatSweepErrors(summary, groupFailures(failures), failures, PROJECT);
    assert.match(text, /^# Errors of sweep `s1`\n\n3 of 8 tasks failed, 1 is lost: 2 causes\.\n/u);
    assert.match(text, /## 1\. 2 tasks: `ValueError: loss is nan.*`\n\nAt \[`model.py:8`\]/u);
    assert.match(text, /Stderr of \[`task_0001`\]\(.*task_0001\/stderr\.log\), \[`task_0003`\]/u);
    assert.match(text, /## 2\. 1 task: `json.decoder.JSONDecodeError/u);
    assert.match(text, /The last lines of stderr of `task_0002`:\n\n```text\n/u);
    assert.match(text, /The last lines of stdout of `task_0002`:\n\n```text\nepoch 1\n/u);
  });

  it('tells what the tasks of a cause have in common, where and when they failed', () => {
    const shared = {
      name: 'batch_size',
      relation: '=' as const,
      value: 256,
      text: 'batch_size = 256',
      others: 0,
      othersTotal: 6,
      chance: 0.001,
    };
    const [first, ...rest] = groupFailures(
      failures.map((failure, index) => ({ ...failure, place: 'gpu03', atMs: index * 1000 })),
    );
    assert.ok(first);
    const groups = [{ ...first, sharedParameters: [shared] }, ...rest];
    const text = formatSweepErrors(summary, groups, failures, PROJECT, ({ task }) => `hsm:/task/${task}`);
    assert.match(text, /- All 2 have batch_size = 256; of the 6 others that ended none does\./u);
    assert.match(text, /- On gpu03 \(2\)\./u);
    assert.match(text, /- First failed 1970-01-01 00:00:00, last 1970-01-01 00:00:02 UTC\./u);
    assert.match(text, /- Tasks \[`task_0001`\]\(hsm:\/task\/1\)/u);
  });

  it('counts the tasks that it does not list', () => {
    const many = Array.from({ length: 30 }, (_, n) => failureOf(details(n + 1), 'x\n'));
    const text = formatSweepErrors(summary, groupFailures(many), many, PROJECT);
    assert.match(text, /task_0020\/stderr\.log\) and 10 more\./u);
    assert.ok(!text.includes('task_0021/'));
  });
});
