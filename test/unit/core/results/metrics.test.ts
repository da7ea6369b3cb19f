import assert from 'node:assert/strict';
import { flattenMetrics, parseJsonMetrics } from '../../../../src/core/results/metrics';
import type { JsonValue } from '../../../../src/core/sweep/value';

function checkFlat(value: JsonValue, expected: Record<string, JsonValue>): void {
  assert.deepEqual(flattenMetrics(value), expected);
}

describe('flattenMetrics', () => {
  it('makes dotted names of nested maps and keeps lists as values', () => {
    checkFlat(
      { val: { loss: 1, top: { k5: 0.5 } }, sizes: [1, 2], note: null },
      { 'val.loss': 1, 'val.top.k5': 0.5, sizes: [1, 2], note: null },
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

describe('parseJsonMetrics', () => {
  it('reads a map, with the numbers that Python writes and JSON has not', () => {
    const text = '{"loss": NaN, "best": -Infinity, "max": Infinity, "word": "NaN, \\"Infinity\\""}';
    const row = { loss: NaN, best: -Infinity, max: Infinity, word: 'NaN, "Infinity"' };
    assert.deepEqual(parseJsonMetrics('metrics.json', text), { rows: [row] });
  });

  it('reads a list of maps as rows', () => {
    const text = '[{"epoch": 1, "loss": 2}, {"epoch": 2, "acc": 0.5}]';
    const rows = [
      { epoch: 1, loss: 2 },
      { epoch: 2, acc: 0.5 },
    ];
    assert.deepEqual(parseJsonMetrics('results.json', text), { rows });
  });

  it('tells that a text is not what it should be, and does not throw', () => {
    const problem = 'metrics.json holds no map of names to values.';
    assert.deepEqual(parseJsonMetrics('metrics.json', '3'), { rows: [], problem });
    for (const text of ['', '{"a": 1', '{a: 1}', 'NaNs', '['.repeat(100_000)]) {
      const file = parseJsonMetrics('metrics.json', text);
      assert.deepEqual(file.rows, []);
      assert.match(file.problem ?? '', /^metrics\.json is not JSON: /u, text.slice(0, 10));
    }
  });

  it('survives maps that are nested without end', () => {
    const { rows } = parseJsonMetrics('metrics.json', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`);
    assert.deepEqual(rows, [{}]);
  });
});
