import assert from 'node:assert/strict';
import type { FailureGroup } from '../../../../src/core/analysis/failure';
import { compareGroups } from '../../../../src/core/project/comparedGroups';
import type { StoredTask } from '../../../../src/core/engine/sweepStore';

const TOTAL = 400;
type Sweep = Parameters<typeof compareGroups>[0];

/** A sweep of which all tasks ended: the batch changes every 4 tasks, the model every 16, the sources take turns. */
function sweep(): Sweep {
  const numbers = Array.from({ length: TOTAL }, (_, index) => index + 1);
  const tasks = numbers.map(
    (number) => ({ number, parameters: parametersOf(number) }) as unknown as StoredTask,
  );
  return {
    state: {
      sources: ['here', 'far'],
      tasks: { total: TOTAL, stateOf: () => 'failed', sourceOf: (task: number) => task % 2 },
    } as unknown as Sweep['state'],
    store: {
      async *allTasks() {
        await Promise.resolve();
        yield* tasks;
      },
    },
  };
}

function parametersOf(task: number): StoredTask['parameters'] {
  return new Map<string, string>([
    ['batch', `b${Math.floor(task / 4) % 4}`],
    ['model', `m${Math.floor(task / 16) % 3}`],
  ]);
}

function groupOf(signature: string, of: (task: number) => boolean): FailureGroup {
  const tasks = Array.from({ length: TOTAL }, (_, index) => index + 1).filter(of);
  return { signature, title: signature, tasks };
}

function textsOf({ sharedParameters = [] }: FailureGroup): readonly string[] {
  return sharedParameters.map(({ text }) => text);
}

describe('compareGroups', () => {
  it('tells the parameters of every cause, however many there are', async () => {
    const groups = Array.from({ length: 25 }, (_, index) =>
      groupOf(String(index), (task) => parametersOf(task).get('model') === 'm1' && task % 25 === index),
    );
    const compared = await compareGroups(sweep(), groups);
    assert.equal(compared.length, 25);
    for (const group of compared)
      assert.ok(group.tasks.length < 5 || textsOf(group).join().includes('model = m1'), group.signature);
    assert.ok(compared.slice(20).some((group) => textsOf(group).length > 0));
  });

  it('tells the source that they ran on, alone and with a parameter', async () => {
    const [onFar, both] = await compareGroups(sweep(), [
      groupOf('far', (task) => task % 2 === 1 && task % 3 === 0),
      groupOf('both', (task) => task % 2 === 1 && parametersOf(task).get('batch') === 'b2' && task > 8),
    ]);
    assert.deepEqual(textsOf(onFar ?? groupOf('', () => false)), ['on far']);
    assert.deepEqual(textsOf(both ?? groupOf('', () => false)), ['batch = b2 on far']);
  });

  it('says of the causes that it could not compare, the smallest, that it did not', async () => {
    const groups = [
      groupOf('first', (task) => parametersOf(task).get('batch') === 'b1'),
      groupOf('second', (task) => parametersOf(task).get('model') === 'm2' && task % 4 === 0),
      groupOf('few', (task) => task === 4),
    ];
    const compared = await compareGroups(sweep(), groups, TOTAL);
    assert.deepEqual(
      compared.map(({ isNotCompared }) => isNotCompared),
      [undefined, true, undefined],
    );
    assert.deepEqual(textsOf(compared[0] ?? groupOf('', () => false)), ['batch = b1']);
  });
});
