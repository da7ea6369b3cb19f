import assert from 'node:assert/strict';
import { rerunAdvice } from '../../../../src/cli/text/rerunAdvice';
import type { FailureGroup } from '../../../../src/core/analysis/failure';
import type { TaskResources } from '../../../../src/core/engine/resourceChange';
import type { Remedy } from '../../../../src/core/analysis/patterns/failurePattern';

describe('what hsm errors advises', () => {
  it('gives each cause what it lacked, by its number, and says nothing of the others', () => {
    const sources = [
      { name: 'box', type: 'ssh', host: 'box', slots: 4, active: 0 },
      { name: 'big', type: 'ssh', host: 'big', active: 0 },
    ] as const;
    const groups = [group('again'), group('time'), group('memory'), group(undefined), group('host')];
    const sweep = { sources: ['box'], timeLimitSec: 5400 };
    const tasks = [{ number: 1 }];
    assert.deepEqual(rerunAdvice(groups, { sweep, tasks, sources, handle: 'last' }), [
      ['hsm rerun last --group 2 --time-limit 10800s', 'again with a time limit of 3 h'],
      ['hsm rerun last --group 3 --slots 2', 'again with 2 at one time'],
      ['hsm rerun last --group 5 --source big', 'again on big'],
    ]);
  });

  checkTime({ timeLimitSec: 14_400 }, ['hsm rerun last --group 1 --time-limit 28800s']);
  checkTime({ timeLimitSec: null }, []);
  checkTime(undefined, ['hsm rerun last --group 1 --time-limit 10800s']);

  function checkTime(resources: TaskResources | undefined, commands: readonly string[]): void {
    it(`is ${commands.join() || 'no limit'} for what timed out with ${resources ? JSON.stringify(resources) : 'the file’s limit'}`, () => {
      const task = { number: 1, ...(resources && { resources }) };
      const sweep = { sources: ['box'], timeLimitSec: 5400 };
      const place = { sweep, tasks: [task], sources: [], handle: 'last' };
      assert.deepEqual(
        rerunAdvice([group('time')], place).map(([command]) => command),
        commands,
      );
    });
  }
});

function group(remedy: Remedy | undefined): FailureGroup {
  const words = { pattern: 'p', class: 'resource', explanation: '', advice: '', knownFrom: '' } as const;
  return {
    ...{ signature: String(remedy), title: 't', tasks: [1] },
    ...(remedy && { explanation: { ...words, remedy } }),
  };
}
