import assert from 'node:assert/strict';
import { formatDuration, formatTime } from '../../../../src/cli/text/duration';

describe('a duration in words', () => {
  const second = 1000;
  const minute = 60 * second;
  const hour = 60 * minute;
  const day = 24 * hour;

  checkDuration(-5, '0.0 s');
  checkDuration(430, '0.4 s');
  checkDuration(9_949, '9.9 s');
  checkDuration(9_960, '10 s');
  checkDuration(59_499, '59 s');
  checkDuration(59_500, '1 min');
  checkDuration(3 * minute + 12 * second, '3 min 12 s');
  checkDuration(hour - 1, '1 h');
  checkDuration(2 * hour + 5 * minute, '2 h 5 min');
  checkDuration(day - 1, '1 d');
  checkDuration(day + 4 * hour, '1 d 4 h');

  function checkDuration(ms: number, text: string): void {
    it(`writes ${ms} ms as ${text}`, () => {
      assert.equal(formatDuration(ms), text);
    });
  }
});

describe('a time in words', () => {
  const noon = new Date(2026, 10, 22, 12, 5).getTime();

  it('is the time of day alone on the same day', () => {
    assert.equal(formatTime(noon, noon + 3_600_000), '12:05');
  });

  it('has the date on another day', () => {
    assert.equal(formatTime(noon, noon + 86_400_000), '2026-11-22 12:05');
  });
});
