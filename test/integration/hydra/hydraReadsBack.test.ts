import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { mergeConfigs } from '../../../src/core/project/config';
import { expand } from '../../../src/core/sweep/expand';
import { paramsYaml } from '../../../src/core/sweep/paramsYaml';
import { parseSweep } from '../../../src/core/sweep/parseSweep';
import { buildCommand } from '../../../src/core/sweep/taskCommand';
import { isList, isMap, isNumber, type ParameterValue } from '../../../src/core/sweep/value';
import { isIntegerText } from '../../../src/core/sweep/valueKey';
import { FIXTURES, pythonWithHydra } from './hydraVenv';

const run = promisify(execFile);

/** A value as the application writes it down. */
type Typed =
  | null
  | { readonly str: string }
  | { readonly bool: boolean }
  | { readonly int: string }
  | { readonly float: number | string }
  | { readonly list: readonly Typed[] }
  | { readonly map: Readonly<Record<string, Typed>> };

describe('Hydra, and PyYAML in params.yaml, read back what the sweep file says', function () {
  this.timeout(180_000);
  let python: string;
  let dir: string;

  before(async function () {
    python = await pythonWithHydra(this);
    dir = await mkdtemp(path.join(tmpdir(), "hsm's hydra, [é] "));
  });
  after(async () => {
    if (dir) await rm(dir, { recursive: true, force: true });
  });

  it('for texts that look like something else', async () => {
    await checkReadBack(
      [
        ...['', ' ', '  both  ', 'a b', 'a,b,c', '[1,2]', '{a:1}', '(x)', 'a=b', 'a:b', '=', ':', ',', '()'],
        ...[
          'null',
          'NULL',
          'true',
          'True',
          'FALSE',
          'inf',
          '-inf',
          'nan',
          'NaN',
          'None',
          'yes',
          'on',
          '~',
          '~/x',
        ],
        ...[
          '0',
          '007',
          '1e3',
          '1.5',
          '-3',
          '+3',
          '1_000',
          '0x1F',
          '12:00:00',
          '.5',
          '5.',
          'e5',
          '-',
          '+',
          '.',
        ],
        ...[
          "it's",
          'say "hi"',
          '"',
          "'",
          '""',
          "''",
          `"'"`,
          `'"'`,
          '`ls`',
          '$(ls)',
          '$HOME',
          '; ls',
          '&& ls',
          '#x',
        ],
        ...[
          '\\',
          '\\\\',
          '\\\\\\',
          '\\"',
          '\\\\"',
          '"\\',
          'a\\',
          'a\\b',
          'C:\\dir\\',
          "\\'",
          '\\n',
          '\\,',
          '\\ ',
        ],
        ...[
          '\n',
          'two\nlines',
          '\t',
          '\ttab',
          '\r\n',
          'ünïcödé',
          '日本語',
          '🚀',
          'é',
          '\u00a0',
          '\u2028',
          '\u200b',
        ],
        ...[
          '!',
          '&',
          '^',
          '<',
          '>',
          '|',
          '*',
          '?',
          '%',
          '@',
          '/',
          '//',
          '/a/b.c',
          'a-b_c.d/e',
          '_',
          '--flag',
          '-x',
        ],
        ...[
          '$',
          '$$',
          '{',
          '}',
          '${',
          '$}',
          'choice(1,2)',
          'range(1,3)',
          'glob(*)',
          'int(3)',
          'sweep(a)',
          '???',
        ],
      ]
        .filter((text) => text !== '${')
        .map((text) => JSON.stringify(text)),
    );
  });

  it('for numbers in every spelling, with their types', async () => {
    await checkReadBack([
      ...[
        '0',
        '-0',
        '7',
        '+7',
        '-3',
        '123456789012345678901234567890',
        '9007199254740993',
        '010',
        '-08',
        '0x1F',
        '0o17',
      ],
      ...[
        '1.0',
        '1.',
        '.5',
        '-.5',
        '+.5',
        '01.50',
        '1e-3',
        '1E3',
        '1e+10',
        '10000000000.0',
        '1e-05',
        '5e-324',
        '1e308',
      ],
      ...['.inf', '-.inf', '+.inf', '.nan', '1_000', '1_000.5', '1e22', '0.1', '3.141592653589793', '-1e-7'],
    ]);
  });

  it('for truth values, nothing, lists and maps', async () => {
    await checkReadBack([
      ...[
        'true',
        'false',
        'yes',
        'off',
        'null',
        '~',
        '[]',
        '[[]]',
        '[[1, 2], [3]]',
        '[null, true, 1.0, 1, "1"]',
      ],
      ...['["a b", "c,d", "", "]", "it\'s", "\\\\", "\\"", " "]', '["a\\\\", "b"]', '["a\\\\\\"", "b"]'],
      ...[
        '{}',
        '{ a: 1 }',
        '{ a: { b: [1, "x y"] }, c: null }',
        '[{ a: 1 }, { b: "2" }]',
        '{ "a b": 1, "c:d": 2 }',
      ],
      ...['{ "x,y": 1, "p=q": 2, "(r)": 3, "[s]": 4, "{t}": 5, "u\\\\v": 6 }'],
    ]);
  });

  it('for random texts, lists and numbers', async () => {
    const nasty = fc.constantFrom(..."\\\\\\\"''  ,,[]{}()=:#$~!&|;<>*?@%^`\n\tabAB01.-+_/éß日".split(''));
    const text = fc
      .array(fc.oneof({ weight: 4, arbitrary: nasty }, fc.string({ unit: 'binary', maxLength: 1 })), {
        maxLength: 12,
      })
      .map((parts) => parts.join(''))
      // An unfinished `${` is an error to OmegaConf; references have a test of their own.
      .filter((candidate) => !/\$\{|\0|\p{Surrogate}/u.test(candidate));
    const number = fc.oneof(
      fc.maxSafeInteger().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    );
    const scalar = fc.oneof(
      { weight: 3, arbitrary: text.map((value) => JSON.stringify(value)) },
      number,
      fc.constantFrom('true', 'null'),
    );
    const list = fc.array(scalar, { maxLength: 4 }).map((items) => `[${items.join(', ')}]`);
    const values = fc.sample(fc.oneof({ weight: 3, arbitrary: scalar }, list), { numRuns: 1500, seed: 20 });
    await checkReadBack(values);
  });

  it('with references left to Hydra, and literal ones kept literal', async () => {
    const read = await readBack(
      ['"${model.width}"', '"${model.width} wide"', String.raw`"\\${'${'}model.width}"`],
      { RESOLVE: '1' },
    );
    assert.deepEqual(read.slice(0, 3), [{ int: '8' }, { str: '8 wide' }, { str: '${model.width}' }]);
  });

  it('with prefixes that add, force and delete keys', async () => {
    const read = await runTask('grid: { +new.key: [1], ++model.width: [2], ~old: [null] }\n', {});
    assert.deepEqual(read['new'], { map: { key: { int: '1' } } });
    assert.deepEqual(read['model'], { map: { width: { int: '2' }, depth: { int: '2' } } });
    assert.equal('old' in read, false);
  });

  it('and puts its own files into the task directory, whatever its name', async () => {
    await runTask('grid: { v0: [1] }\n', {});
    assert.ok(existsSync(path.join(dir, '.hydra_run', '.hydra', 'config.yaml')));
  });

  /** Every value is YAML; each becomes a parameter of one task. */
  async function checkReadBack(values: readonly string[]): Promise<void> {
    const parameters = parametersOf(sweepText(values));
    const read = await readBack(values, {});
    values.forEach((value, index) => {
      const said = parameters.get(`v${String(index)}`);
      assert.notEqual(said, undefined);
      assert.deepEqual(read[index], typed(said ?? null), `the sweep file says ${value}`);
    });
    await checkParamsYaml(parameters);
  }

  /** PyYAML reads YAML 1.1, unlike this project's parser. */
  async function checkParamsYaml(parameters: ReadonlyMap<string, ParameterValue>): Promise<void> {
    const file = path.join(dir, 'params.yaml');
    await writeFile(file, paramsYaml(parameters));
    const { stdout } = await run(python, [path.join(FIXTURES, 'params.py'), file], { maxBuffer: 1 << 26 });
    const read = JSON.parse(stdout) as Record<string, Typed>;
    for (const [name, value] of parameters)
      assert.deepEqual(read[name], typed(value), `params.yaml: ${name}`);
  }

  async function readBack(values: readonly string[], env: Record<string, string>): Promise<Typed[]> {
    const read = await runTask(sweepText(values), env);
    return values.map((_, index) => read[`v${String(index)}`] ?? null);
  }

  /** The error says what Hydra said; the command alone can fill the screen. */
  async function runProgram(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
    await run(program, args, { cwd: dir, env }).catch((error: unknown) => {
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
      throw new Error(said.slice(0, 2000), { cause: 'the application failed' });
    });
  }

  /** Runs the only task of a sweep as the product would: argv, no shell. */
  async function runTask(sweepYaml: string, env: Record<string, string>): Promise<Record<string, Typed>> {
    const { value: sweep } = parseSweep(sweepYaml);
    assert.ok(sweep);
    const project = { ...mergeConfigs().project, python, script: path.join(FIXTURES, 'app.py') };
    const input = {
      sweep,
      project,
      parameters: parametersOf(sweepYaml),
      number: 1,
      name: 'task_0001',
      taskDir: dir,
    };
    const [program = '', ...rest] = buildCommand(input).argv;
    await rm(path.join(dir, 'read.json'), { force: true });
    await runProgram(program, rest, { ...process.env, ...env, PYTHONUTF8: '1' });
    return JSON.parse(await readFile(path.join(dir, 'read.json'), 'utf8')) as Record<string, Typed>;
  }
});

function sweepText(values: readonly string[]): string {
  return `grid:\n${values.map((value, index) => `  v${String(index)}: [${value}]\n`).join('')}`;
}

function parametersOf(sweepYaml: string): ReadonlyMap<string, ParameterValue> {
  const { value, problems } = parseSweep(sweepYaml);
  assert.deepEqual(
    problems.filter((problem) => problem.severity === 'error'),
    [],
  );
  assert.ok(value);
  return expand(value).at(0);
}

function typed(value: ParameterValue): Typed {
  if (value === null) return null;
  if (typeof value === 'string') return { str: value };
  if (typeof value === 'boolean') return { bool: value };
  if (isList(value)) return { list: value.map(typed) };
  if (isMap(value)) return { map: Object.fromEntries([...value].map(([key, item]) => [key, typed(item)])) };
  if (!isNumber(value)) throw new Error('not a value');
  if (isIntegerText(value.text)) return { int: String(BigInt(value.text.replace('+', ''))) };
  return { float: Number.isFinite(value.number) ? value.number : value.text };
}
