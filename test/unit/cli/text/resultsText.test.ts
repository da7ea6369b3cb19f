import assert from 'node:assert/strict';
import { formatGroups, formatResults } from '../../../../src/cli/text/resultsText';
import { buildResultTable } from '../../../../src/core/results/buildResultTable';
import { groupRows } from '../../../../src/core/results/groupRows';
import { columnAccess, type ColumnAccess } from '../../../../src/core/results/tableColumns';

const table = buildResultTable([
  { number: 1, state: 'succeeded', parameters: { lr: 0.1, name: 'adam' }, metrics: { loss: 0.123456789 } },
  { number: 12, state: 'failed', parameters: { lr: 1e-7, name: 'x\ny' }, metrics: {} },
  { number: 13, state: 'succeeded', parameters: { lr: 0.1, name: 'sgd' }, metrics: { loss: 0.2 } },
]);

function columns(...names: readonly string[]): ColumnAccess[] {
  return names.map((name) => {
    const column = columnAccess(table, name);
    assert.ok(column, name);
    return column;
  });
}

describe('results as the command line shows them', () => {
  it('are a table with six digits, and a dash where there is nothing', () => {
    assert.deepEqual(formatResults(columns('task', 'state', 'lr', 'name', 'loss'), [0, 1]), [
      'TASK  STATE        lr  name      loss',
      '   1  succeeded   0.1  adam  0.123457',
      '  12  failed     1e-7   x y         -',
    ]);
  });

  it('tell mean and deviation of groups', () => {
    const [lr] = columns('lr');
    assert.ok(lr);
    assert.deepEqual(formatGroups([lr], columns('loss'), groupRows(table, [0, 1, 2], [lr])), [
      '  lr  TASKS              loss',
      ' 0.1      2  0.161728 ± 0.054',
      '1e-7      1                 -',
    ]);
  });

  it('average over tasks that succeeded, and say how many of how many', () => {
    const three = buildResultTable([
      { number: 1, state: 'succeeded', parameters: {}, metrics: { loss: 1 } },
      { number: 2, state: 'failed', parameters: {}, metrics: { loss: 9 } },
      { number: 3, state: 'succeeded', parameters: {}, metrics: { loss: 2 } },
    ]);
    const loss = columnAccess(three, 'loss');
    assert.ok(loss);
    assert.deepEqual(formatGroups([], [loss], groupRows(three, [0, 1, 2], [])), [
      'TASKS                 loss',
      '    3  1.5 ± 0.71 (2 of 3)',
    ]);
  });
});
