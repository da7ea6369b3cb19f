import assert from 'node:assert/strict';
import { expandSweepFile } from '../../../../src/cli/commands/expand';
import { EXIT } from '../../../../src/cli/exitCode';
import type { FileProblem } from '../../../../src/core/base/errors';
import type { PreviewTask } from '../../../../src/core/facade';
import { fakeContext, type FakeContext } from '../support/fakeProject';

const problem: FileProblem = {
  file: '/project/lr.yaml',
  range: { line: 2, column: 1, endLine: 2, endColumn: 3 },
  severity: 'warning',
  code: 'some-notice',
  message: 'Look here.',
};

describe('an expansion', () => {
  it('has one line for each task, as one could type its command', async () => {
    const context = withTasks(2);
    assert.equal(await expandSweepFile(context, 'lr.yaml', {}), EXIT.ok);
    assert.deepEqual(context.out.lines, [
      "1  task_0001  lr=1 'name=a b'  python3 train.py lr=1 'name=a b'",
      "2  task_0002  lr=2 'name=a b'  python3 train.py lr=2 'name=a b'",
    ]);
  });

  it('has one object for each task as JSON', async () => {
    const context = withTasks(1);
    await expandSweepFile(context, 'lr.yaml', { json: true });
    assert.deepEqual(JSON.parse(context.out.text), {
      number: 1,
      name: 'task_0001',
      parameters: { lr: 1, name: 'a b' },
      arguments: ['lr=1', 'name=a b'],
      argv: ['python3', 'train.py', 'lr=1', 'name=a b'],
    });
  });

  it('is counted without making a task', async () => {
    const context = withTasks(10_000_000);
    await expandSweepFile(context, 'lr.yaml', { count: true });
    assert.equal(context.out.text, '10000000\n');
    assert.equal(made, 0);
  });

  it('makes no more tasks than are wanted', async () => {
    const context = withTasks(10_000_000);
    await expandSweepFile(context, 'lr.yaml', { limit: 3 });
    assert.equal(context.out.lines.length, 3);
    assert.equal(made, 4);
  });

  it('makes no more tasks than are read', async () => {
    const context = withTasks(10_000_000);
    context.out.readerStopsAt = 100_000;
    assert.equal(await expandSweepFile(context, 'lr.yaml', {}), EXIT.ok);
    assert.ok(made < 5_000, `${made} tasks were made`);
  });

  it('tells warnings beside the tasks', async () => {
    const context = withTasks(1, [problem]);
    await expandSweepFile(context, 'lr.yaml', { json: true });
    assert.equal(context.out.lines.length, 1);
    assert.match(context.err.text, /lr\.yaml:2:1: warning: Look here\./);
  });

  it('of a file with errors is refused with all of them', async () => {
    const context = withTasks(0, [{ ...problem, severity: 'error' }]);
    await assert.rejects(
      expandSweepFile(context, 'lr.yaml', {}),
      /lr\.yaml cannot be used: 1 error in 1 file/,
    );
    assert.equal(context.out.text, '');
  });

  let made = 0;

  function withTasks(count: number, problems: readonly FileProblem[] = []): FakeContext {
    made = 0;
    const context = fakeContext();
    context.project.expanded = { problems, count, tasks: () => tasks(count) };
    return context;
  }

  function* tasks(count: number): Generator<PreviewTask> {
    for (let number = 1; number <= count; number++) {
      made++;
      const tokens = [`lr=${number}`, 'name=a b'];
      yield {
        number,
        name: `task_${String(number).padStart(4, '0')}`,
        parameters: { lr: number, name: 'a b' },
        arguments: tokens,
        argv: ['python3', 'train.py', ...tokens],
      };
    }
  }
});
