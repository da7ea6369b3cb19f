import assert from 'node:assert/strict';
import { longestTimeLimit, timeLimitOf } from '../../../../src/core/engine/timeLimit';

type Given = number | null | undefined;

describe('the time limit of a task', () => {
  checkOwn('the file’s', { rerun: undefined, sweep: 60 }, 60);
  checkOwn('what a rerun gave', { rerun: 240, sweep: 60 }, 240);
  checkOwn('none when a rerun took it away', { rerun: null, sweep: 60 }, null);
  checkOwn('none when nobody gave one', { rerun: undefined, sweep: undefined }, null);

  function checkOwn(what: string, given: { rerun: Given; sweep: number | undefined }, limit: number | null) {
    it(`is ${what}`, () => {
      assert.equal(timeLimitOf(taskWith(given.rerun), sweepWith(given.sweep)), limit);
    });
  }
});

describe('the longest time limit of tasks', () => {
  check([undefined, 240, 120], 60, 240);
  check([undefined, undefined], 60, 60);
  check([240], undefined, 240);
  check([240, null], 60, undefined);
  check([240, undefined], undefined, undefined);
  check([], 60, undefined);

  function check(reruns: readonly Given[], sweep: number | undefined, longest: number | undefined) {
    it(`is ${longest ?? 'none'} where reruns gave ${reruns.map(String).join(', ') || 'nothing'} and the file ${sweep ?? 'none'}`, () => {
      assert.equal(longestTimeLimit(reruns.map(taskWith), sweepWith(sweep)), longest);
    });
  }
});

function taskWith(timeLimitSec: Given) {
  return timeLimitSec === undefined ? {} : { resources: { timeLimitSec } };
}

function sweepWith(timeLimitSec: number | undefined) {
  return timeLimitSec === undefined ? {} : { timeLimitSec };
}
