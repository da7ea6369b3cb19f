import assert from 'node:assert/strict';
import {
  toCollectionJson,
  toGroupJson,
  toProblemJson,
  toRunJson,
  toSourceJson,
  toSweepJson,
  toTaskJson,
} from '../../../src/cli/jsonShapes';
import { countsOf, NOON, sweepOf, taskOf } from './support/summaries';

describe('the JSON that scripts read', () => {
  const sweep = sweepOf({
    state: 'failed',
    counts: countsOf({ succeeded: 3, failed: 1, lost: 1, cancelled: 2 }),
    endedAtMs: NOON + 4_200.4,
    driver: 'nobody',
  });
  const run = {
    sweepId: 'sweep_20260101_120000',
    sweepDir: '/project/outputs/sweep_20260101_120000',
    state: 'failed',
    total: 7,
    succeeded: 3,
    failed: 1,
    cancelled: 2,
    lost: 1,
    durationMs: 4_200,
  };

  it('of a run has its counts and duration', () => {
    assert.deepEqual(plain(toRunJson(sweep, NOON + 99_000)), run);
  });

  it('of a run that goes on has the duration so far', () => {
    const json = plain(toRunJson(sweepOf(), NOON + 1_000)) as { durationMs: number };
    assert.equal(json.durationMs, 1_000);
  });

  it('of a sweep has the counts of what has not ended too', () => {
    assert.deepEqual(plain(toSweepJson({ ...sweep, lastNewsAtMs: NOON + 4_200 }, NOON)), {
      ...run,
      waiting: 0,
      queued: 0,
      running: 0,
      file: 'sweeps/lr.yaml',
      sources: ['local'],
      createdAt: '2026-01-01T12:00:00.000Z',
      endedAt: '2026-01-01T12:00:04.200Z',
      lastNewsAt: '2026-01-01T12:00:04.200Z',
      driver: 'nobody',
      notes: [],
    });
  });

  it('of a task has its times as ISO 8601, and nothing that is not known', () => {
    assert.deepEqual(
      plain(toTaskJson(taskOf({ number: 2, state: 'failed', exitCode: 1, startedAtMs: NOON }))),
      {
        number: 2,
        name: 'task_0002',
        state: 'failed',
        source: 'local',
        attempt: 1,
        exitCode: 1,
        startedAt: '2026-01-01T12:00:00.000Z',
      },
    );
  });

  it('of a group of failures has their count', () => {
    const group = {
      signature: 'x',
      title: 'ValueError: no',
      tasks: [3, 4],
      file: '/project/train.py',
      line: 7,
    };
    assert.deepEqual(plain(toGroupJson(group)), { ...group, count: 2 });
  });

  it('of a group of failures has what is known about them', () => {
    const known = {
      class: 'resource',
      explanation: 'The GPU had no memory left.',
      advice: 'Use smaller batches.',
      knownFrom: 'https://example.org',
    } as const;
    const shared = { places: { gpu03: 2 }, sharedParameters: [] };
    const group = {
      signature: 'x',
      title: 'no memory',
      tasks: [3, 4],
      explanation: { pattern: 'cuda-out-of-memory', ...known },
      firstAtMs: NOON,
      ...shared,
    };
    assert.deepEqual(plain(toGroupJson(group)), {
      signature: 'x',
      title: 'no memory',
      count: 2,
      tasks: [3, 4],
      pattern: 'cuda-out-of-memory',
      ...known,
      ...shared,
      firstAt: '2026-01-01T12:00:00.000Z',
    });
  });

  it('of a problem has its place', () => {
    const range = { line: 3, column: 7, endLine: 3, endColumn: 9 };
    const problem = {
      file: '/project/a.yaml',
      range,
      severity: 'error',
      code: 'not-a-list',
      message: 'no',
    } as const;
    assert.deepEqual(plain(toProblemJson(problem)), {
      file: '/project/a.yaml',
      line: 3,
      column: 7,
      severity: 'error',
      code: 'not-a-list',
      message: 'no',
    });
  });

  it('of a source has its health, or says that it is unknown', () => {
    const source = { name: 'local', type: 'local', slots: 2, active: 1 } as const;
    assert.deepEqual(plain(toSourceJson(source)), { ...source, state: 'unknown', problems: [] });
    const health = { state: 'degraded', problems: ['The disk is nearly full.'], latencyMs: 3 } as const;
    assert.deepEqual(plain(toSourceJson({ ...source, health })), { ...source, ...health });
  });

  it('of what was collected names the source', () => {
    const report = { collected: [1], failed: [], bytes: 10, errors: [] };
    assert.deepEqual(plain(toCollectionJson('local', report)), { source: 'local', ...report });
  });
});

/** As a script reads it. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
