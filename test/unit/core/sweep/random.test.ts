import assert from 'node:assert/strict';
import { drawsOf, type Distribution } from '../../../../src/core/sweep/random';

const COUNT = 20_000;

describe('Draws follow their distribution', () => {
  it('uniform', () => {
    const values = numbers({ kind: 'uniform', low: -1, high: 3 });
    assert.ok(values.every((value) => value >= -1 && value < 3));
    checkNear(mean(values), 1, 0.05);
    checkNear(deviation(values), 4 / Math.sqrt(12), 0.05);
  });

  it('log_uniform: every decade gets as many', () => {
    const values = numbers({ kind: 'log_uniform', low: 1e-6, high: 1e-2 });
    assert.ok(values.every((value) => value >= 1e-6 && value <= 1e-2));
    for (const decade of [1e-6, 1e-5, 1e-4, 1e-3]) {
      const share = values.filter((value) => value >= decade && value < decade * 10).length / COUNT;
      checkNear(share, 0.25, 0.02);
    }
  });

  it('int: both bounds belong to it and all are equally likely', () => {
    const values = numbers({ kind: 'int', low: -1, high: 2 });
    for (const wanted of [-1, 0, 1, 2])
      checkNear(values.filter((value) => value === wanted).length / COUNT, 0.25, 0.02);
  });

  it('normal', () => {
    const values = numbers({ kind: 'normal', mean: 5, deviation: 2 });
    checkNear(mean(values), 5, 0.06);
    checkNear(deviation(values), 2, 0.06);
    checkNear(values.filter((value) => Math.abs(value - 5) < 2).length / COUNT, 0.6827, 0.02);
  });

  it('choice: repeated values weigh more', () => {
    const draw = drawsOf({ kind: 'choice', values: ['a', 'a', 'b'] }, 1, 'x');
    const a = Array.from({ length: COUNT }, (_, index) => draw(index)).filter((value) => value === 'a');
    checkNear(a.length / COUNT, 2 / 3, 0.02);
  });

  it('and neighbouring draws and neighbouring seeds have nothing to do with each other', () => {
    const values = numbers({ kind: 'uniform', low: 0, high: 1 });
    checkNear(correlation(values.slice(1), values.slice(0, -1)), 0, 0.03);
    checkNear(correlation(values, numbers({ kind: 'uniform', low: 0, high: 1 }, 2)), 0, 0.03);
    checkNear(correlation(values, numbers({ kind: 'uniform', low: 0, high: 1 }, 1, 'y')), 0, 0.03);
  });
});

function numbers(distribution: Distribution, seed = 1, name = 'x'): number[] {
  const draw = drawsOf(distribution, seed, name);
  return Array.from({ length: COUNT }, (_, index) => (draw(index) as { number: number }).number);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  return (
    mean(a.map((value, index) => (value - meanA) * ((b[index] ?? 0) - meanB))) / (deviation(a) * deviation(b))
  );
}

function checkNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${String(actual)} is not near ${String(expected)}`);
}
