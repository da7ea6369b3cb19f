import assert from 'node:assert/strict';
import { createProgressView } from '../../../../src/cli/progress/progressView';
import { fakeContext } from '../support/fakeProject';
import { countsOf, sweepOf, taskOf } from '../support/summaries';

const running = sweepOf({ counts: countsOf({ running: 2, queued: 98 }) });

describe('progress without a terminal', () => {
  it('tells each failure once, and again when another attempt fails', async () => {
    const context = fakeContext();
    context.project.taskList = [taskOf({ number: 1, state: 'failed' })];
    const view = createProgressView(context, running.id);
    await view.update(running);
    assert.deepEqual(context.err.lines, [], 'what had failed before is not told again');

    context.project.taskList = [
      taskOf({ number: 1, state: 'failed', attempt: 2 }),
      taskOf({ number: 2, state: 'lost' }),
    ];
    await view.update(running);
    await view.update(running);
    assert.deepEqual(context.err.lines, [
      'task_0001 failed: ValueError: learning rate must be positive',
      'task_0002 lost: ValueError: learning rate must be positive',
    ]);
  });

  it('counts failures instead of listing them when there are very many', async () => {
    const context = fakeContext();
    const view = createProgressView(context, running.id);
    context.project.taskList = Array.from({ length: 5_000 }, (_, index) =>
      taskOf({ number: index + 1, state: 'failed' }),
    );
    await view.update(running);
    assert.equal(context.err.lines.length, 101);
    assert.match(context.err.lines.at(-1) ?? '', /counted from here on/);
  });

  it('writes lines at growing intervals', async () => {
    const context = fakeContext();
    const view = createProgressView(context, running.id);
    for (let second = 0; second < 3_600; second++) {
      await context.clock.advance(1_000);
      await view.update(running);
    }
    assert.ok(
      context.err.lines.length >= 15 && context.err.lines.length <= 25,
      `${context.err.lines.length} lines in an hour`,
    );
    assert.equal(context.err.lines[0], '0/100 ended; 2 running, 98 queued');
  });

  it('tells a note when it comes up', async () => {
    const context = fakeContext();
    const view = createProgressView(context, running.id);
    const troubled = { ...running, notes: ['local: the disk is full'] };
    await view.update(troubled);
    await view.update(troubled);
    assert.deepEqual(context.err.lines, ['local: the disk is full']);
  });

  it('leaves the notes of the end to the summary', async () => {
    const context = fakeContext();
    const view = createProgressView(context, running.id);
    await view.update({ ...running, state: 'succeeded', notes: ['Not collected: task_0001/data'] });
    assert.deepEqual(context.err.lines, []);
  });
});

describe('progress on a terminal', () => {
  it('shows the latest failure, and is gone at the end', async () => {
    const context = fakeContext({ terminal: true });
    const view = createProgressView(context, running.id);
    context.project.taskList = [
      taskOf({ number: 3, state: 'failed', endedAtMs: 20 }),
      taskOf({ number: 9, state: 'failed', endedAtMs: 10 }),
      taskOf({ number: 12, state: 'running' }),
    ];
    await view.update(running);
    assert.equal(context.err.footer[1], 'running: task 12,…');
    assert.match(context.err.footer[2] ?? '', /^last failure: task 3: /);
    assert.equal(context.err.text, '', 'nothing is left behind in the scrollback');
    view.end();
    assert.deepEqual(context.err.footer, []);
  });
});
