import assert from 'node:assert/strict';
import { formatResults } from '../../../../src/cli/text/resultsText';

describe('results as the command line shows them', () => {
  const rows = [
    { number: 1, state: 'succeeded', parameters: { lr: 0.1, name: 'adam' }, metrics: { loss: 0.123456789 } },
    { number: 12, state: 'failed', parameters: { lr: 1e-7, name: 'x\ny' }, metrics: {} },
  ] as const;

  it('are a table with six digits, and a dash where there is nothing', () => {
    assert.deepEqual(formatResults({ parameterNames: ['lr', 'name'], metricNames: ['loss'], rows }), [
      'TASK  STATE        lr  name      loss',
      '   1  succeeded   0.1  adam  0.123457',
      '  12  failed     1e-7   x y         -',
    ]);
  });

  it('leave the state out when all tasks have the same', () => {
    const [first] = rows;
    const table = { parameterNames: ['lr'], metricNames: [], rows: [first] };
    assert.deepEqual(formatResults(table), ['TASK   lr', '   1  0.1']);
  });
});
