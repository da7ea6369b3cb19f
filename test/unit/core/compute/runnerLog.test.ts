import { strict as assert } from 'node:assert';
import { parseRunnerLog, type LogPiece } from '../../../../src/core/compute/runnerLog';

describe('parseRunnerLog', () => {
  it('reads a start', () => {
    checkRecord('S 12 1 2 i 4711 226703 48c960a8@gpubox 1795331243120 .', {
      kind: 'started',
      task: 12,
      attempt: 1,
      slot: 2,
      pid: 4711,
      atMs: 1795331243120,
    });
  });

  it('reads an end', () => {
    const end = { kind: 'ended', task: 12, attempt: 1, exitCode: 137, atMs: 17 };
    checkRecord('E 12 1 137 17 - .', end);
    checkRecord('E 12 1 137 17 timeout .', { ...end, endedBy: 'timeout' });
    checkRecord('E 12 1 137 17 cancel .', { ...end, endedBy: 'cancel' });
  });

  it('reads verdicts with their evidence', () => {
    const verdict = { task: 3, attempt: 2, evidence: 'process 9 is gone', atMs: 17 };
    checkRecord('L 3 2 17 process 9 is gone .', { kind: 'lost', ...verdict });
    checkRecord('R 3 2 17 process 9 is gone .', { kind: 'released', ...verdict });
  });

  it('reads a sentence for the user', () => {
    check('\nT 17 The disk is full. .\n', { troubles: ['The disk is full.'] });
  });

  it('skips and counts lines that are no records', () => {
    for (const line of [
      'S 12 1 2 i 4711 2267',
      'S 12 1 2 i 4711 226703 48c960a8@gpubox .',
      'S 12 1 x i 4711 226703 48c960a8@gpubox 17 .',
      'E 12 1 0 17 whim .',
      'E 12 1 .',
      'E twelve 1 0 17 - .',
      'X 12 1 0 17 - .',
      'L 3 2 .',
      'T soon .',
      '\0\0\0\0',
    ]) {
      check(`\n${line}\n`, { corrupt: 1 });
    }
  });

  it('reads the record after a torn one', () => {
    const piece = parseRunnerLog('\nS 1 1 2 i 47\nE 2 1 0 17 - .\n');
    assert.equal(piece.corrupt, 1);
    assert.deepEqual(
      piece.records.map(({ task }) => task),
      [2],
    );
  });

  it('leaves a last line that has no end for the next read, in bytes', () => {
    check('E 1 1 0 17 - .\nE 2 1', { incompleteBytes: 5 }, 1);
    check('E 1 1 0 17 - .', { incompleteBytes: 14 });
    check('E 1 1 0 17 - .\nT 17 é', { incompleteBytes: 7 }, 1);
    check('', {});
  });
});

function checkRecord(line: string, record: unknown): void {
  assert.deepEqual(parseRunnerLog(`\n${line}\n`), {
    records: [record],
    troubles: [],
    corrupt: 0,
    incompleteBytes: 0,
  });
}

function check(text: string, expected: Partial<LogPiece>, records = 0): void {
  const piece = parseRunnerLog(text);
  assert.equal(piece.records.length, records);
  assert.deepEqual(
    { ...piece, records: [] },
    { records: [], troubles: [], corrupt: 0, incompleteBytes: 0, ...expected },
  );
}
