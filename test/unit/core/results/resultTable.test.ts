import assert from 'node:assert/strict';
import { parseCsv } from '../../../../src/core/results/csv';
import { formatResultsCsv } from '../../../../src/core/results/resultsCsv';
import { buildResultTable } from '../../../../src/core/results/buildResultTable';
import { jsonText } from '../../../../src/core/results/jsonText';
import { toResultsJson } from '../../../../src/core/results/resultsJson';
import {
  rowAt,
  type ResultColumn,
  type ResultRow,
  type StepValue,
} from '../../../../src/core/results/resultTable';

const rows: ResultRow[] = [
  { number: 2, state: 'failed', parameters: { lr: 0.1, name: 'a,b' }, metrics: {} },
  {
    number: 1,
    state: 'succeeded',
    parameters: { lr: 0.01, name: 'x' },
    metrics: { acc: 0.5, loss: NaN, lr: 3, sizes: [1, 2] },
  },
];

describe('buildResultTable', () => {
  it('orders rows by number and names by their first appearance', () => {
    const table = buildResultTable(rows);
    assert.deepEqual([...table.tasks], [1, 2]);
    const names = (columns: readonly ResultColumn[]): string[] => columns.map(({ name }) => name);
    assert.deepEqual(names(table.parameters), ['lr', 'name']);
    assert.deepEqual(names(table.metrics), ['acc', 'loss', 'lr', 'sizes']);
  });
});

describe('a row of a table', () => {
  it('is what it was made of', () => {
    const table = buildResultTable(rows);
    assert.deepEqual([rowAt(table, 1), rowAt(table, 0)], rows);
  });
});

describe('results as JSON', () => {
  it('have parameters and metrics row by row, with words for what JSON has no numbers for', () => {
    const table = buildResultTable([
      { number: 1, state: 'failed', parameters: { lr: 0.1 }, metrics: { a: NaN, b: -Infinity, c: Infinity } },
    ]);
    assert.equal(
      jsonText(toResultsJson(table, [0])),
      '[{"number":1,"state":"failed","parameters":{"lr":0.1},"metrics":{"a":"NaN","b":"-Infinity","c":"Infinity"}}]',
    );
  });
});

describe('formatResultsCsv', () => {
  it('writes state, parameters and metrics, quoted where needed, and tells equal names apart', () => {
    assert.equal(
      formatResultsCsv(buildResultTable(rows)),
      'task,state,lr,name,acc,loss,metrics.lr,sizes\r\n' +
        '1,succeeded,0.01,x,0.5,NaN,3,"[1,2]"\r\n' +
        '2,failed,0.1,"a,b",,,,\r\n',
    );
  });

  it('names the value of metrics that were logged by step, when it is not the last', () => {
    const table = buildResultTable([
      { number: 1, state: 'running', parameters: {}, metrics: { a: 5, b: 1 } },
    ]);
    const metrics = table.metrics.map((column) =>
      column.name === 'a' ? { ...column, lows: Float64Array.of(2), highs: Float64Array.of(7) } : column,
    );
    const csv = (value: StepValue): string => formatResultsCsv({ ...table, metrics }, [0], value);
    assert.equal(csv('min'), 'task,state,a.min,b\r\n1,running,2,1\r\n');
    assert.equal(csv('max'), 'task,state,a.max,b\r\n1,running,7,1\r\n');
    assert.equal(csv('last'), 'task,state,a,b\r\n1,running,5,1\r\n');
  });

  it('is read back as it was written', () => {
    const text = 'say "hi",\r\nplease\n';
    const table = buildResultTable([
      {
        number: 1,
        state: 'succeeded',
        parameters: { state: text },
        metrics: { x: -Infinity, y: true, z: null },
      },
    ]);
    assert.deepEqual(parseCsv(formatResultsCsv(table)), [
      ['task', 'state', 'parameters.state', 'x', 'y', 'z'],
      ['1', 'succeeded', text, '-inf', 'true', ''],
    ]);
  });

  it('writes a header for an empty table', () => {
    assert.equal(formatResultsCsv(buildResultTable([])), 'task,state\r\n');
  });
});

describe('parseCsv', () => {
  it('reads quotes, empty cells and any line ending', () => {
    assert.deepEqual(parseCsv('a,b\r\n"1,2",\n\n"x""y",3\rlast'), [
      ['a', 'b'],
      ['1,2', ''],
      ['x"y', '3'],
      ['last'],
    ]);
  });

  it('reads a quote that is never closed to the end', () => {
    assert.deepEqual(parseCsv('a,"b\nc'), [['a', 'b\nc']]);
    assert.deepEqual(parseCsv('a"b,c'), [['a"b', 'c']]);
  });
});
