import assert from 'node:assert/strict';
import { rerunAdvice } from '../../../../src/cli/text/rerunAdvice';
import type { FailureGroup } from '../../../../src/core/analysis/failure';
import type { Remedy } from '../../../../src/core/analysis/patterns/failurePattern';

describe('what hsm errors advises', () => {
  it('gives each cause what it lacked, by its number, and says nothing of the others', () => {
    const sources = [
      { name: 'box', type: 'ssh', host: 'box', slots: 4, active: 0 },
      { name: 'big', type: 'ssh', host: 'big', active: 0 },
    ] as const;
    const groups = [group('again'), group('time'), group('memory'), group(undefined), group('host')];
    const sweep = { sources: ['box'], timeLimitSec: 5400 };
    assert.deepEqual(rerunAdvice(groups, sweep, sources, 'last'), [
      ['hsm rerun last --group 2 --time-limit 10800s', 'again with a time limit of 3 h'],
      ['hsm rerun last --group 3 --slots 2', 'again with 2 at one time'],
      ['hsm rerun last --group 5 --source big', 'again on big'],
    ]);
  });
});

function group(remedy: Remedy | undefined): FailureGroup {
  const words = { pattern: 'p', class: 'resource', explanation: '', advice: '', knownFrom: '' } as const;
  return {
    ...{ signature: String(remedy), title: 't', tasks: [1] },
    ...(remedy && { explanation: { ...words, remedy } }),
  };
}
