import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expand } from '../../../../src/core/sweep/expand';
import { parseSweep } from '../../../../src/core/sweep/parseSweep';
import { parameterHash } from '../../../../src/core/sweep/parameterHash';
import { parametersToJson, type JsonValue } from '../../../../src/core/sweep/value';
import { combinationsOf, expansionOf } from './sweepText';

type Combination = Record<string, number>;

interface Model {
  readonly grid: Record<string, number[]>;
  readonly paired: { g: Record<string, number[]> }[];
  readonly exclude: Combination[];
  readonly include: Combination[];
}

/** Few names and values, so that clauses match, repeat and overlap. */
const value = fc.integer({ min: 0, max: 2 });
const values = fc.array(value, { minLength: 1, maxLength: 4 });
const clause = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'p', 'q', 'r'), value, {
  minKeys: 1,
  maxKeys: 5,
  noNullPrototype: true,
});
const group = fc
  .array(fc.tuple(value, value), { minLength: 1, maxLength: 3 })
  .map((rows) => ({ g: { p: rows.map(([p]) => p), q: rows.map(([, q]) => q) } }));
const models: fc.Arbitrary<Model> = fc
  .tuple(
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), values, { minKeys: 1, noNullPrototype: true }),
    fc.option(group, { nil: undefined }),
    fc.array(clause, { maxLength: 6 }),
    fc.array(clause, { maxLength: 5 }),
  )
  .map(([grid, paired, exclude, include]) => ({ grid, paired: paired ? [paired] : [], exclude, include }));

describe('Expansion, for any sweep', () => {
  it('counts and orders as a plain nested loop would', () => {
    fc.assert(
      fc.property(models, (model) => {
        const expansion = expansionOf(JSON.stringify(model));
        const expected = nestedLoops(model);
        assert.equal(expansion.count, expected.length);
        assert.deepEqual([...expansion].map(parametersToJson), expected);
      }),
      { numRuns: 400 },
    );
  });

  it('has no combination twice, and finds each by its position', () => {
    fc.assert(
      fc.property(models, (model) => {
        const expansion = expansionOf(JSON.stringify(model));
        const all = [...expansion];
        assert.equal(new Set(all.map(parameterHash)).size, all.length);
        all.forEach((parameters, position) => {
          assert.deepEqual(expansion.at(position), parameters);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('keeps the first draws when samples grow', () => {
    const parameters = { u: { uniform: [0, 1] }, n: { normal: [0, 1] }, i: { int: [0, 9] } };
    fc.assert(
      fc.property(fc.nat({ max: 50 }), fc.nat({ max: 50 }), fc.integer(), (few, more, seed) => {
        const sweep = (samples: number): JsonValue[] =>
          combinationsOf(JSON.stringify({ random: { samples: samples + 1, seed, parameters } }));
        assert.deepEqual(sweep(few + more).slice(0, few + 1), sweep(few));
      }),
      { numRuns: 50 },
    );
  });

  it('never throws and never repeats a problem’s place outside the text, whatever the text', () => {
    const keys = fc.constantFrom(
      'grid',
      'sweep',
      'paired',
      'random',
      'exclude',
      'include',
      'defaults',
      'run',
      'a',
      'uniform',
      'command',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(null, 0, 'x', '{a}', true, '', -1.5),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.oneof(
          tree.map((node) => JSON.stringify(node)),
          fc.string(),
        ),
        (text) => {
          const { value: sweep, problems } = parseSweep(text);
          const lines = text.split('\n').length;
          for (const { range } of problems)
            assert.ok(range.line >= 1 && range.line <= lines && range.column >= 1);
          if (sweep) for (const parameters of expand(sweep)) assert.ok(parameters.size >= 0);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** What the documentation says, in the plainest way. */
function nestedLoops({ grid, paired, exclude, include }: Model): Combination[] {
  let all: Combination[] = [{}];
  for (const [name, list] of Object.entries(grid))
    all = all.flatMap((combination) => list.map((item) => ({ ...combination, [name]: item })));
  for (const { g } of paired) {
    const rows = (g['p'] ?? []).map((p, index): Combination => ({ p, q: g['q']?.[index] ?? 0 }));
    all = all.flatMap((combination) => rows.map((row) => ({ ...combination, ...row })));
  }
  const matches = (combination: Combination, wanted: Combination): boolean =>
    Object.entries(wanted).every(([name, item]) => combination[name] === item);
  const left = all.filter((combination) => !exclude.some((wanted) => matches(combination, wanted)));
  const seen = new Set<string>();
  return [...left, ...include].filter((combination) => {
    const key = JSON.stringify(Object.entries(combination).sort());
    return !seen.has(key) && seen.add(key);
  });
}
