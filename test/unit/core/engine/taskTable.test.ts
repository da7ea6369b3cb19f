import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TASK_STATES } from '../../../../src/core/engine/taskState';
import { TaskTable } from '../../../../src/core/engine/taskTable';

const SOURCES = 3;

/** What `loads` promises, counted task by task. */
function countLoads(table: TaskTable): { queued: number; running: number }[] {
  const tasks = Array.from({ length: table.total }, (_, index) => index + 1);
  return Array.from({ length: SOURCES }, (_, source) => {
    const mine = tasks.filter((task) => table.sourceOf(task) === source);
    const count = (state: string): number => mine.filter((task) => table.stateOf(task) === state).length;
    return { queued: count('queued'), running: count('running') };
  });
}

describe('TaskTable', () => {
  it('knows what each source holds, whatever became of the tasks and in which order', () => {
    const step = fc.record({
      task: fc.integer({ min: 1, max: 8 }),
      source: fc.nat(SOURCES - 1),
      state: fc.constantFrom(...TASK_STATES),
      grows: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const table = new TaskTable(8);
        for (const { task, source, state, grows } of steps) {
          table.setState(task, state);
          table.setSource(task, source);
          if (grows) table.grow(table.total + 1);
        }
        assert.deepEqual(table.loads(SOURCES), countLoads(table));
        assert.equal(
          Object.values(table.counts()).reduce((sum, count) => sum + count, 0),
          table.total,
        );
      }),
    );
  });
});
