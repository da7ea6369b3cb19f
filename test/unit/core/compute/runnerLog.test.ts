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
    check('|T 17 The disk is full. .\n', { troubles: ['The disk is full.'] });
    check('|T 17 Cannot write a|b. .\n', { troubles: ['Cannot write a|b.'] });
  });

  it('forgets a sentence for the user when an attempt has started since', () => {
    const start = '|S 12 1 2 i 4711 226703 48c960a8@gpubox 1795331243120 .\n';
    assert.deepEqual(parseRunnerLog(`|T 17 The disk is full. .\n${start}`).troubles, []);
    assert.deepEqual(parseRunnerLog(`${start}|T 17 The disk is full. .\n`).troubles, ['The disk is full.']);
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
      check(`|${line}\n`, { corrupt: 1 });
    }
  });

  it('reads the record after a torn one', () => {
    check('|S 1 1 2 i 47|E 2 1 0 17 - .\n', { corrupt: 1 }, 1);
    check('E 12|S 1 1 2 i 47|E 2 1 0 17 - .\n|E 3 1 0 17 - .\n', { corrupt: 1 }, 2);
    check('\0\0|E 2 1 0 17 - .\n', { corrupt: 1 }, 1);
    check('\n', { corrupt: 1 });
  });

  it('leaves a last line that has no end for the next read, in bytes', () => {
    check('|E 1 1 0 17 - .\n|E 2 1', { incompleteBytes: 6 }, 1);
    check('|E 1 1 0 17 - .', { incompleteBytes: 15 });
    check('|E 1 1 0 17 - .\n|T 17 é', { incompleteBytes: 8 }, 1);
    check('', {});
  });
});

function checkRecord(line: string, record: unknown): void {
  assert.deepEqual(parseRunnerLog(`|${line}\n`), {
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
