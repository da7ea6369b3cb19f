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
    assert.deepEqual(formatGroups([lr], columns('loss'), groupRows([0, 1, 2], [lr])), [
      '  lr  TASKS              loss',
      ' 0.1      2  0.161728 ± 0.054',
      '1e-7      1                 -',
    ]);
  });
});
