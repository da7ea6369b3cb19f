import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'yaml';
import { paramsYaml } from '../../../../src/core/sweep/paramsYaml';
import { toJson } from '../../../../src/core/sweep/value';
import { expansionOf } from './sweepText';

describe('params.yaml', () => {
  it('is read alike by YAML 1.1 and 1.2', () => {
    checkReadAlike([
      '1e-3',
      '1E3',
      '.5',
      '5.',
      '1.0',
      '-1e5',
      '"yes"',
      '"no"',
      'yes',
      '"1e3"',
      '"12:00"',
      '"0x1F"',
      '"~"',
    ]);
    checkReadAlike([
      '""',
      '" "',
      '"a: b"',
      '"#x"',
      '"- a"',
      '"\\n"',
      '"\\u2028"',
      '"\\u0085"',
      'null',
      '[]',
      '{}',
      '"null"',
    ]);
    checkReadAlike([
      '[1, [2.0, "x y"], { a: "b,c" }]',
      '{ "a b": [true], c: null }',
      '"2024-01-01"',
      '"="',
      '"<<"',
      '"日本"',
    ]);
  });

  it('keeps any text', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .filter((candidate) => !candidate.includes('\0'));
    fc.assert(
      fc.property(text, (candidate) => {
        const yaml = paramsYaml(new Map([['a', candidate]]));
        for (const version of ['1.1', '1.2'] as const)
          assert.deepEqual(parse(yaml, { version }), { a: candidate });
      }),
      { numRuns: 100 },
    );
  });

  it('keeps the text of numbers as far as both versions read it', () => {
    const yaml = paramsYaml(
      expansionOf('grid: { a: [1e-05], b: [10000000000.0], c: [1E3], d: [.inf], e: [-.inf], f: [.nan] }').at(
        0,
      ),
    );
    assert.equal(yaml, 'a: 1.0e-05\nb: 10000000000.0\nc: 1.0e+3\nd: .inf\ne: -.inf\nf: .nan\n');
  });

  it('of no parameters is an empty map', () => {
    assert.deepEqual(parse(paramsYaml(new Map())), {});
  });
});

function checkReadAlike(values: readonly string[]): void {
  for (const value of values) {
    const parameters = expansionOf(`grid: { a.b: [${value}] }`).at(0);
    const expected = { 'a.b': toJson(parameters.get('a.b') ?? null) };
    const yaml = paramsYaml(parameters);
    for (const version of ['1.1', '1.2'] as const)
      assert.deepEqual(parse(yaml, { version }), expected, `${yaml} by YAML ${version}`);
  }
}
