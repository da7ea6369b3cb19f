import assert from 'node:assert/strict';
import type { TaskMetrics } from '../../../../src/core/results/gatheredMetrics';
import { ResultColumns } from '../../../../src/core/results/resultColumns';

const NOTHING: TaskMetrics = {
  metrics: new Map(),
  ranges: new Map(),
  origins: [],
  problems: [],
  isIncomplete: false,
  print: 0,
  triedOutput: false,
};

type Step = readonly [task: number, ...metrics: string[]];

/** @param steps - in the order in which tasks are read; without metrics: the task is run again */
function checkOrder(steps: readonly Step[], expected: string): void {
  const columns = new ResultColumns();
  columns.grow(3);
  for (const [task, ...names] of steps) {
    if (names.length === 0) columns.clear(task);
    else {
      const metrics = new Map(names.map((name) => [name, 0.5]));
      columns.setMetrics(task, { ...NOTHING, metrics });
    }
  }
  const order = columns.build(undefined).metrics.map(({ name }) => name);
  assert.equal(order.join(' '), expected);
  assert.equal(columns.numericMetrics().join(' '), expected);
}

describe('the columns of metrics', () => {
  it('stand as in the first task that has them, whichever was read first', () => {
    checkOrder(
      [
        [1, 'a', 'b'],
        [2, 'b', 'a', 'c'],
      ],
      'a b c',
    );
    checkOrder(
      [
        [2, 'b', 'a', 'c'],
        [1, 'a', 'b'],
      ],
      'a b c',
    );
  });

  it('stand as in the next task while the first one runs again', () => {
    checkOrder([[1, 'a', 'b', 'c'], [2, 'c', 'b', 'a'], [1]], 'c b a');
    checkOrder([[2, 'c', 'b', 'a'], [1, 'a', 'b', 'c'], [1]], 'c b a');
  });

  it('stand as in the next task where the first one lacks them after a rerun', () => {
    const third: Step = [3, 'b', 'c'];
    checkOrder([[1, 'a', 'b', 'c'], [2, 'c', 'b', 'a'], third, [1, 'a']], 'a c b');
    checkOrder([third, [2, 'c', 'b', 'a'], [1, 'a', 'b', 'c'], [1, 'a']], 'a c b');
    checkOrder([[1, 'c', 'b', 'a'], third, [2, 'a'], [1, 'a']], 'a b c');
  });
});
