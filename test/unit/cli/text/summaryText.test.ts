import assert from 'node:assert/strict';
import { plainPalette } from '../../../../src/cli/text/palette';
import { formatGroups, formatLeft, formatSummary } from '../../../../src/cli/text/summaryText';
import { countsOf, NOON, sweepOf } from '../support/summaries';

const style = { cwd: '/project', palette: plainPalette, handle: 'last' };

describe('the summary of a sweep', () => {
  it('has the causes with their tasks and places, and the next steps', () => {
    const counts = countsOf({ succeeded: 8, failed: 4 });
    const sweep = sweepOf({ state: 'failed', counts, endedAtMs: NOON + 72_000 });
    const groups = [
      {
        signature: 'a',
        title: 'ValueError: learning rate\nmust be positive',
        tasks: [3, 7, 8],
        file: '/project/train.py',
        line: 42,
      },
      { signature: 'b', title: 'exit code 2', tasks: [9] },
    ];
    assert.deepEqual(formatSummary(sweep, groups, style), [
      'sweep_20260101_120000 failed: of 12 tasks 8 succeeded, 4 failed, in 1 min 12 s.',
      '',
      '  1. 3 × ValueError: learning rate must be positive',
      '      tasks 3,7-8, train.py:42',
      '',
      '  2. 1 × exit code 2',
      '      task 9',
      '',
      'Files: outputs/sweep_20260101_120000',
      '  hsm results last         parameters and metrics',
      '  hsm errors last          what went wrong',
      '  hsm rerun last --failed  run the failed tasks again',
    ]);
  });

  it('of a sweep without failures has nothing of failures', () => {
    const sweep = sweepOf({ state: 'succeeded', counts: countsOf({ succeeded: 1 }), endedAtMs: NOON + 400 });
    assert.deepEqual(formatSummary(sweep, [], style), [
      'sweep_20260101_120000 succeeded: its one task succeeded, in 0.4 s.',
      '',
      'Files: outputs/sweep_20260101_120000',
      '  hsm results last  parameters and metrics',
    ]);
  });

  it('of a cancelled sweep says how to run the rest', () => {
    const sweep = sweepOf({ state: 'cancelled', counts: countsOf({ cancelled: 2 }) });
    assert.deepEqual(formatSummary(sweep, [], style).slice(-1), ['  hsm rerun last  run the rest']);
  });

  it('names the biggest causes of many, and cuts long lists of tasks', () => {
    const odd = Array.from({ length: 100 }, (_, index) => 2 * index + 1);
    const groups = Array.from({ length: 7 }, (_, index) => ({
      signature: `${index}`,
      title: `cause ${index}`,
      tasks: odd,
    }));
    const lines = formatGroups(groups, style, 5);
    assert.equal(lines.at(-1), '  and 2 more causes');
    assert.match(lines[2] ?? '', /^ {6}tasks 1,3,5,.*\d,…$/);
    assert.ok((lines[2] ?? '').length < 80);
  });

  it('says of a cause that its line is another one now', () => {
    const group = { signature: 's', title: 'KeyError', tasks: [1], file: '/project/train.py', line: 9 };
    const changed = new Map([['s', { file: '/project/train.py', line: 9, lineNow: 11 }]]);
    assert.deepEqual(formatGroups([group], { ...style, changed }).slice(2), [
      '      task 1, train.py:9',
      '      train.py has changed since this ran: line 9 is now line 11.',
    ]);
  });
});

describe('the word on leaving a sweep', () => {
  it('says what goes on, what does not, and how to come back', () => {
    const sweep = sweepOf({ counts: countsOf({ running: 2, queued: 5, waiting: 3, succeeded: 1 }) });
    assert.deepEqual(formatLeft(sweep, { handle: 'last' }), [
      'sweep_20260101_120000 goes on by itself: 2 running, 5 queued.',
      '3 tasks not handed over yet: attach to go on with them.',
      '  hsm status last  see how it gets on',
      '  hsm attach last  follow it, and run retries as they come up',
      '  hsm cancel last  end its running tasks and drop the rest',
    ]);
  });

  it('says when nothing goes on', () => {
    const [first] = formatLeft(sweepOf({ counts: countsOf({ waiting: 3 }) }), { handle: 'last' });
    assert.equal(first, 'sweep_20260101_120000 waits: nothing was handed over.');
  });

  it('is short when it is over already', () => {
    const sweep = sweepOf({ state: 'succeeded', counts: countsOf({ succeeded: 3 }) });
    assert.deepEqual(formatLeft(sweep, { handle: 'last' }), ['sweep_20260101_120000 is over: 3 succeeded.']);
  });
});
