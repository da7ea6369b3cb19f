import assert from 'node:assert/strict';
import { plainPalette } from '../../../../src/cli/text/palette';
import { formatSweepList, formatSweepStatus } from '../../../../src/cli/text/statusText';
import type { SweepSummary } from '../../../../src/core/facade';
import { countsOf, NOON, sweepOf, taskOf } from '../support/summaries';

const style = { cwd: '/project', palette: plainPalette, handle: 'last' };

describe('the status of a sweep', () => {
  it('says where it stands, who drives it, what runs and what failed', () => {
    const sweep = sweepOf({
      counts: countsOf({ succeeded: 3, failed: 25, running: 1, queued: 1 }),
      description: 'learning rates',
      remainingMs: 65_000,
      lastNewsAtMs: NOON + 59_000,
      driver: 'elsewhere',
      notes: ['local: the disk is nearly full'],
    });
    const running = [taskOf({ number: 29, state: 'running', attempt: 2, startedAtMs: NOON })];
    const failed = Array.from({ length: 20 }, (_, index) => ({
      ...taskOf({ number: index + 4, state: 'failed', reason: 'exit code 1' }),
      title: 'ValueError: training diverged',
    }));
    const lines = formatSweepStatus(sweep, { running, failed }, style, NOON + 60_000);
    const time = (atMs: number): string => new Date(atMs).toTimeString().slice(0, 5);
    assert.deepEqual(lines.slice(0, 9), [
      'sweep_20260101_120000 running: 30 tasks, 3 succeeded, 25 failed, 1 running, 1 queued',
      `  started ${time(NOON)}, about 1 min 5 s left`,
      '  learning rates',
      '  from sweeps/lr.yaml on local, files in outputs/sweep_20260101_120000',
      `  driven by another process; last news ${time(NOON)}`,
      '  local: the disk is nearly full',
      '  running:',
      '    task_0029  local  1 min  attempt 2',
      '  failed:',
    ]);
    assert.equal(lines[9], '    task_0004  failed: ValueError: training diverged');
    assert.deepEqual(lines.slice(-2), ['    and 5 more', '  hsm errors last groups them by cause']);
  });

  checkDriver({ driver: 'nobody' }, /driven by nobody: what was handed over goes on/);
  checkDriver(
    { driver: 'nobody', state: 'cancelling' },
    /driven by nobody: what it was asked is done when somebody attaches/,
  );
  checkDriver({ driver: 'nobody', state: 'paused' }, /driven by nobody, and paused/);
  checkDriver({ driver: 'here' }, /driven by this process/);

  function checkDriver(fields: Partial<SweepSummary>, words: RegExp): void {
    it(`tells who drives: ${words.source}`, () => {
      const lines = formatSweepStatus(sweepOf(fields), { running: [], failed: [] }, style, NOON);
      assert.match(lines.join('\n'), words);
    });
  }

  it('of one that is over says how long it took, and nothing of a driver', () => {
    const sweep = sweepOf({
      state: 'succeeded',
      counts: countsOf({ succeeded: 1 }),
      endedAtMs: NOON + 4_000,
    });
    const text = formatSweepStatus(sweep, { running: [], failed: [] }, style, NOON + 9_000).join('\n');
    assert.match(text, /took 4\.0 s/);
    assert.doesNotMatch(text, /driven/);
  });
});

describe('the list of sweeps', () => {
  it('has a line for each', () => {
    const failed = sweepOf({
      id: 'sweep_b',
      state: 'failed',
      counts: countsOf({ succeeded: 9, failed: 2, lost: 1 }),
    });
    const lines = formatSweepList([sweepOf({ id: 'sweep_a' }), failed], NOON).map((line) =>
      line.replace(/\d\d:\d\d/u, 'HH:MM'),
    );
    assert.deepEqual(lines, [
      'SWEEP    STATE    ENDED  FAILED  STARTED  FILE',
      'sweep_a  running    0/1       0  HH:MM    sweeps/lr.yaml',
      'sweep_b  failed   12/12       3  HH:MM    sweeps/lr.yaml',
    ]);
  });
});
