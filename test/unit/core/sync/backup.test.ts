import assert from 'node:assert/strict';
import { outdatedBackups } from '../../../../src/core/sync/backup';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW_MS = Date.parse('2026-11-22T12:00:00Z');

/** One backup for each age in days; expects those of certain ages to go. */
function checkOutdated(ages: readonly number[], expected: readonly number[]): void {
  const backups = ages.map((age) => {
    const createdAtMs = NOW_MS - age * DAY_MS;
    return { id: new Date(createdAtMs).toISOString(), createdAtMs, age };
  });
  assert.deepEqual(
    outdatedBackups(backups, NOW_MS)
      .map(({ age }) => age)
      .sort((a, b) => a - b),
    expected,
  );
}

const days = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('outdatedBackups', () => {
  it('keeps the newest twenty however old they are', () => {
    checkOutdated([], []);
    checkOutdated(days(400, 419), []);
  });
  it('removes older ones beyond those, oldest or not in the order given', () => {
    checkOutdated(days(400, 423), days(420, 423));
    checkOutdated(days(400, 421).reverse(), [420, 421]);
  });
  it('keeps everything of the last thirty days', () => {
    checkOutdated([...days(0, 30), 31, 32], [31, 32]);
    checkOutdated(
      Array.from({ length: 50 }, () => 1),
      [],
    );
  });
});
