import assert from 'node:assert/strict';
import { toJson } from '../../../../src/core/sweep/value';
import { brief, combinationsOf, expansionOf } from './sweepText';

describe('The combinations of a sweep', () => {
  it('come in the order grid, paired, random, with the last one fastest', () => {
    const text = `
defaults: { epochs: 5 }
sweep:
  grid: { a: [1, 2] }
  paired: [{ g: { b: [3, 4], c: [x, y] } }]
  random: { samples: 2, parameters: { d: { int: [0, 1000000] } } }
`;
    const combinations = combinationsOf(text);
    assert.deepEqual(Object.keys(combinations[0] ?? {}), ['epochs', 'a', 'b', 'c', 'd']);
    const [d0, d1] = [combinations[0]?.['d'], combinations[1]?.['d']];
    assert.notEqual(d0, d1);
    assert.deepEqual(
      combinations.map(({ epochs, a, b, c, d }) => [epochs, a, b, c, d]),
      [
        [5, 1, 3, 'x', d0],
        [5, 1, 3, 'x', d1],
        [5, 1, 4, 'y', d0],
        [5, 1, 4, 'y', d1],
        [5, 2, 3, 'x', d0],
        [5, 2, 3, 'x', d1],
        [5, 2, 4, 'y', d0],
        [5, 2, 4, 'y', d1],
      ],
    );
  });

  it('lose those that a clause matches in all its parameters', () => {
    const text = 'grid: { a: [1, 2], b: [x, y] }\nexclude: [{ a: 1, b: y }, { b: z }]';
    assert.deepEqual(combinationsOf(text), [
      { a: 1, b: 'x' },
      { a: 2, b: 'x' },
      { a: 2, b: 'y' },
    ]);
    assert.deepEqual(brief(expansionOf(text).notices), ['warning exclude-matches-nothing 2:27']);
  });

  it('are compared with fixed and nested values too', () => {
    const grid = 'defaults: { e: 5 }\ngrid: { m: { a: [1, 2] }, l: [[1], [2]] }\n';
    assert.deepEqual(combinationsOf(`${grid}exclude: [{ m: { a: 1 }, e: 5 }, { l: [1] }]`), [
      { e: 5, 'm.a': 2, l: [2] },
    ]);
    assert.equal(expansionOf(`${grid}exclude: [{ e: 6 }]`).count, 4);
  });

  it('tell 1 from 1.0, but not 1e-3 from 0.001', () => {
    assert.equal(expansionOf('grid: { a: [1, 1.0] }').count, 2);
    assert.equal(expansionOf('grid: { a: [1e-3, 0.001, 1.0e-3] }').count, 1);
    assert.equal(expansionOf('grid: { a: [0.001, 1] }\nexclude: [{ a: 1e-3 }, { a: 1.0 }]').count, 1);
  });

  it('gain the included ones at the end, with the defaults', () => {
    const text =
      'defaults: { e: 5 }\ngrid: { a: [1, 2] }\nexclude: [{ a: 2 }]\ninclude: [{ a: 2 }, { a: 3, e: 6 }, { a: 1 }]';
    assert.deepEqual(combinationsOf(text), [
      { e: 5, a: 1 },
      { e: 5, a: 2 },
      { e: 6, a: 3 },
    ]);
    assert.deepEqual(brief(expansionOf(text).notices), ['warning duplicate-include 4:37']);
  });

  it('gain an excluded one again when it is included', () => {
    assert.deepEqual(
      combinationsOf('grid: { a: [1, 2], b: [x, y] }\nexclude: [{ a: 1 }]\ninclude: [{ b: x, a: 1 }]'),
      [
        { a: 2, b: 'x' },
        { a: 2, b: 'y' },
        { b: 'x', a: 1 },
      ],
    );
  });

  it('are an error when too many clauses cross each other, within a second or two', () => {
    const grid = Array.from({ length: 60 }, (_, index) => `p${String(index)}: [0, 1]`);
    const clauses = Array.from(
      { length: 25 },
      (_, index) => `{ p${String(index)}: 1, p${String(index + 25)}: 1 }`,
    );
    const started = performance.now();
    const { notices } = expansionOf(`grid: { ${grid.join(', ')} }\nexclude: [${clauses.join(', ')}]`);
    assert.deepEqual(brief(notices), ['error exclude-too-complex 1:1']);
    assert.ok(performance.now() - started < 8000);
  });

  it('are only the included ones when nothing varies', () => {
    const text = 'include: [{ a: 1 }, { b: 2 }, { a: 1 }]';
    assert.deepEqual(combinationsOf(text), [{ a: 1 }, { b: 2 }]);
    assert.deepEqual(expansionOf(text).parameterNames, ['a', 'b']);
    assert.deepEqual(brief(expansionOf(text).notices), ['warning duplicate-include 1:31']);
  });

  it('are one, with a warning, when the sweep varies nothing', () => {
    const expansion = expansionOf('defaults: { a: 1 }');
    assert.deepEqual(brief(expansion.notices), ['warning no-parameters 1:1']);
    assert.deepEqual(
      [...expansion].map((parameters) => parameters.get('a')),
      [{ number: 1, text: '1' }],
    );
  });

  it('drop equal values with a notice', () => {
    const expansion = expansionOf('grid: { a: [1, 2, 1] }\npaired: [{ g: { b: [1, 1], c: [2, 2] } }]');
    assert.equal(expansion.count, 2);
    assert.deepEqual(brief(expansion.notices), [
      'warning duplicate-values 1:9',
      'warning duplicate-values 2:10',
    ]);
    assert.match(expansion.notices[0]?.message ?? '', /1 of 3 values/);
  });

  it('drop equal draws with a notice', () => {
    const expansion = expansionOf('random: { samples: 50, parameters: { a: { choice: [x, y] } } }');
    assert.equal(expansion.count, 2);
    assert.deepEqual(brief(expansion.notices), ['warning duplicate-values 1:9']);
  });

  it('are an error when none is left', () => {
    const expansion = expansionOf('grid: { a: [1] }\nexclude: [{ a: 1 }]');
    assert.equal(expansion.count, 0);
    assert.deepEqual([...expansion], []);
    assert.deepEqual(brief(expansion.notices), ['error nothing-left 2:11']);
  });

  it('are an error when they cannot be numbered', () => {
    const names = Array.from(
      { length: 20 },
      (_, index) => `p${String(index)}: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]`,
    );
    const { notices } = expansionOf(`grid: { ${names.join(', ')} }`);
    assert.deepEqual(brief(notices), ['error too-many-combinations 1:1']);
  });

  it('exist only inside the count', () => {
    const expansion = expansionOf('grid: { a: [1, 2] }');
    for (const position of [-1, 2, 0.5, NaN]) assert.throws(() => expansion.at(position), RangeError);
  });
});

describe('A sweep of ten million combinations', () => {
  const values = '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]';
  const grid = `grid: { a: ${values}, b: ${values}, c: ${values}, d: ${values}, e: ${values}, f: ${values}, g: ${values} }\n`;

  it('is counted and previewed at once, also with exclude and include', () => {
    const started = performance.now();
    const expansion = expansionOf(
      `${grid}exclude: [{ a: 1, g: 2 }, { b: 3 }, { c: 1, d: 2, e: 5 }]\ninclude: [{ a: 10 }]`,
    );
    const first = expansion.at(0);
    const last = expansion.at(expansion.count - 1);
    assert.ok(performance.now() - started < 500, 'half a second is not at once');
    // By inclusion and exclusion of the three clauses.
    assert.equal(
      expansion.count,
      10_000_000 - (100_000 + 1_000_000 + 10_000 - 10_000 - 100 - 1_000 + 10) + 1,
    );
    assert.deepEqual([...first.values()].map(toJson), [0, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual([...last.values()].map(toJson), [10]);
  });
});

describe('Random draws', () => {
  const draws = (samples: number, parameters: string, seed = 7): unknown[] =>
    combinationsOf(
      `random: { samples: ${String(samples)}, seed: ${String(seed)}, parameters: { ${parameters} } }`,
    );

  it('keep the first ones when there are more', () => {
    const parameters = 'a: { uniform: [0, 1] }, b: { int: [1, 1000000] }';
    assert.deepEqual(draws(20, parameters).slice(0, 5), draws(5, parameters));
  });

  it('of a parameter do not depend on the others, but on seed and name', () => {
    const a = (list: unknown[]): unknown[] => list.map((parameters) => (parameters as { a: number }).a);
    assert.deepEqual(
      a(draws(5, 'b: { uniform: [0, 1] }, a: { uniform: [0, 1] }')),
      a(draws(5, 'a: { uniform: [0, 1] }')),
    );
    assert.notDeepEqual(draws(5, 'a: { uniform: [0, 1] }', 8), draws(5, 'a: { uniform: [0, 1] }'));
    for (const { a: first, b } of draws(50, 'a: { uniform: [0, 1] }, b: { uniform: [0, 1] }') as {
      a: number;
      b: number;
    }[])
      assert.notEqual(first, b);
  });

  it('never change from one release to the next', () => {
    const parameters =
      'u: { uniform: [0, 0.5] }, l: { log_uniform: [1e-6, 1e-2] }, i: { int: [16, 128] }, n: { normal: [0, 1] }, c: { choice: [a, b, c] }';
    assert.deepEqual(draws(2, parameters), PINNED);
  });

  it('have texts that read back exactly, and floats never look like whole numbers', () => {
    for (const parameters of expansionOf(
      'random: { samples: 500, parameters: { a: { uniform: [-3, 3] }, b: { normal: [0, 1e-9] } } }',
    ))
      for (const value of parameters.values()) {
        const { number, text } = value as { number: number; text: string };
        assert.equal(Number(text), number);
        assert.match(text, /[.e]/);
      }
  });
});

const PINNED: unknown[] = [
  { u: 0.44409640377872667, l: 0.006903571724701972, i: 114, n: -1.1142405126346404, c: 'c' },
  { u: 0.013581909034649786, l: 0.000001175317270049781, i: 126, n: 1.154779179321736, c: 'b' },
];
