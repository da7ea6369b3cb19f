import assert from 'node:assert/strict';
import {
  formatFailureLine,
  formatProgressBlock,
  formatProgressLine,
  type ProgressFacts,
} from '../../../../src/cli/progress/progressText';
import { displayWidth } from '../../../../src/cli/text/displayWidth';
import { colorPalette, plainPalette } from '../../../../src/cli/text/palette';
import { sweepOf, countsOf } from '../support/summaries';

const half: ProgressFacts = {
  sweep: sweepOf({
    counts: countsOf({ succeeded: 46, failed: 2, running: 4, queued: 68 }),
    remainingMs: 35_000,
  }),
  perSecond: 2.06,
  running: [51, 52, 53, 55],
  lastFailure: { task: 7, name: 'task_0007', title: 'ValueError: learning rate must be positive' },
};

describe('the progress on a terminal', () => {
  it('has counts, rate and time left, what runs, and the last failure', () => {
    assert.deepEqual(formatProgressBlock(half, 120, plainPalette), [
      '━━━━━━━━━───────────────   48/120  2 failed, 4 running, 68 queued  2.1/s  about 35 s left',
      'running: tasks 51-53,55',
      'last failure: task 7: ValueError: learning rate must be positive',
    ]);
  });

  it('shows notes, and that more tasks run than are named', () => {
    const sweep = sweepOf({ counts: countsOf({ running: 9 }), notes: ['local: the disk is full\n'] });
    assert.deepEqual(formatProgressBlock({ sweep, running: [1, 2] }, 120, plainPalette).slice(1), [
      'running: tasks 1-2,…',
      'local: the disk is full',
    ]);
  });

  it('says when it is not simply running, and then promises no time', () => {
    const sweep = sweepOf({ state: 'paused', counts: countsOf({ succeeded: 1, queued: 1 }), remainingMs: 5 });
    const [line = ''] = formatProgressBlock({ sweep, running: [] }, 120, plainPalette);
    assert.match(line, /1\/2 {2}paused {2}1 queued$/);
  });

  for (const columns of [200, 100, 60, 40, 20, 12]) {
    it(`takes one row per line in ${columns} columns, with colours too`, () => {
      for (const line of formatProgressBlock(half, columns, colorPalette)) {
        assert.ok(displayWidth(line) < columns, `${displayWidth(line)} columns: ${line}`);
      }
    });
  }
});

describe('the progress in a log', () => {
  it('is one line with everything', () => {
    const line = '48/120 ended: 46 succeeded, 2 failed; 4 running, 68 queued; 2.1/s; about 35 s left';
    assert.equal(formatProgressLine(half), line);
  });

  it('leaves out what is not known', () => {
    const sweep = sweepOf({ counts: countsOf({ queued: 3 }) });
    assert.equal(formatProgressLine({ sweep, running: [] }), '0/3 ended; 3 queued');
  });

  checkRate(128.4, '128/s');
  checkRate(0.25, '15/min');
  checkRate(0.001, '3.6/h');

  function checkRate(perSecond: number, text: string): void {
    it(`writes ${perSecond} tasks per second as ${text}`, () => {
      const facts = { sweep: sweepOf({ counts: countsOf({ running: 1 }) }), running: [], perSecond };
      assert.equal(formatProgressLine(facts), `0/1 ended; 1 running; ${text}`);
    });
  }

  it('tells of a failure in one line, whatever the program printed', () => {
    const failure = { task: 7, name: 'task_0007', title: 'boom\n\u001b[2J' };
    assert.equal(formatFailureLine(failure, 'failed'), 'task_0007 failed: boom [2J');
  });
});
