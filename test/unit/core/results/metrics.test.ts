import assert from 'node:assert/strict';
import { flattenMetrics, parseMetricsFile, type MetricsFile } from '../../../../src/core/results/metrics';
import type { JsonValue } from '../../../../src/core/sweep/value';

function checkFlat(value: JsonValue, expected: Record<string, JsonValue>): void {
  assert.deepEqual(flattenMetrics(value), expected);
}

function checkFile(name: string, text: string, expected: MetricsFile): void {
  assert.deepEqual(parseMetricsFile(name, text), expected);
}

describe('flattenMetrics', () => {
  it('makes dotted names of nested maps and keeps lists as values', () => {
    checkFlat(
      { val: { loss: 1, top: { k5: 0.5 } }, sizes: [1, 2], note: null },
      {
        'val.loss': 1,
        'val.top.k5': 0.5,
        sizes: [1, 2],
        note: null,
      },
    );
  });

  it('gives nothing for an empty map', () => {
    checkFlat({}, {});
    checkFlat({ a: {} }, {});
  });

  it('takes __proto__ for a name like any other', () => {
    const flat = flattenMetrics(JSON.parse('{"__proto__": {"x": 1}, "a": 2}') as JsonValue);
    assert.deepEqual(Object.entries(flat), [
      ['__proto__.x', 1],
      ['a', 2],
    ]);
  });
});

describe('parseMetricsFile', () => {
  it('reads a map from JSON, with the numbers that Python writes and JSON has not', () => {
    checkFile(
      'metrics.json',
      '{"loss": NaN, "best": -Infinity, "max": Infinity, "word": "NaN, \\"Infinity\\""}',
      {
        metrics: { loss: NaN, best: -Infinity, max: Infinity, word: 'NaN, "Infinity"' },
      },
    );
  });

  it('reads a list of rows from JSON as a log', () => {
    checkFile('results.json', '[{"epoch": 1, "loss": 2}, {"epoch": 2, "acc": 0.5}]', {
      metrics: { epoch: 2, loss: 2, acc: 0.5 },
    });
  });

  it('tells that a file is not what it should be, and does not throw', () => {
    checkFile('metrics.json', '3', { metrics: {}, problem: 'metrics.json holds no map of names to values.' });
    for (const text of ['', '{"a": 1', '{a: 1}', 'NaNs']) {
      const file = parseMetricsFile('metrics.json', text);
      assert.deepEqual(file.metrics, {});
      assert.match(file.problem ?? '', /^metrics\.json is not JSON: /u, text);
    }
  });

  it('takes the last value of each column of a CSV log', () => {
    checkFile('metrics.csv', 'epoch,train_loss,val_acc\n1,0.5,\n1,,0.81\n2,0.25,\n', {
      metrics: { epoch: 2, train_loss: 0.25, val_acc: 0.81 },
    });
  });

  it('reads CSV cells as numbers, words and truth values', () => {
    checkFile('metrics.csv', 'a,b,c,d,"e,f",g\r\n1e-3,nan,-inf,True,"say ""hi""",.5\r\n', {
      metrics: { a: 0.001, b: NaN, c: -Infinity, d: true, 'e,f': 'say "hi"', g: 0.5 },
    });
  });

  it('passes over a last row that is still being written', () => {
    checkFile('metrics.csv', 'epoch,loss\n1,0.5\n2', { metrics: { epoch: 1, loss: 0.5 } });
    checkFile('metrics.jsonl', '{"epoch": 1}\n{"epo', { metrics: { epoch: 1 } });
  });

  it('reads a CSV of a header alone as nothing', () => {
    checkFile('metrics.csv', 'epoch,loss\n', { metrics: {} });
    checkFile('metrics.csv', '', { metrics: {} });
  });

  it('takes the last value of each name of a JSON log, nested ones too', () => {
    checkFile('metrics.jsonl', '{"step": 1, "train": {"loss": 2}}\n\n{"step": 2, "val": {"loss": NaN}}\n', {
      metrics: { step: 2, 'train.loss': 2, 'val.loss': NaN },
    });
  });

  it('reads around a broken line of a JSON log and says so', () => {
    checkFile('metrics.jsonl', '{"step": 1}\noops\n{"step": 2}\n', {
      metrics: { step: 2 },
      problem: 'metrics.jsonl: unreadable lines: 1, the first: oops',
    });
  });
});
