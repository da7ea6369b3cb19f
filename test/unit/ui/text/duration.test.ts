import assert from 'node:assert/strict';
import { formatDuration } from '../../../../src/ui/text/duration';
import { plainL10n } from '../../../support/plainL10n';

const CASES: readonly [ms: number, text: string][] = [
  [-5, '0 s'],
  [400, '0 s'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [60_000, '1 min'],
  [59.4 * 60_000, '59 min'],
  [59.7 * 60_000, '1 h 0 min'],
  [2 * 3_600_000 + 5 * 60_000, '2 h 5 min'],
  [2 * 3_600_000 - 1000, '2 h 0 min'],
  [28 * 3_600_000, '1 d 4 h'],
  [24 * 3_600_000 - 1, '1 d 0 h'],
];

describe('a length of time', () => {
  for (const [ms, text] of CASES) {
    it(`of ${ms} ms reads ${text}`, () => {
      assert.equal(formatDuration(plainL10n, ms), text);
    });
  }
});
