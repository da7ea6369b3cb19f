import assert from 'node:assert/strict';
import { formatArguments } from '../../../../src/core/sweep/argumentStyle';
import { parseDuration } from '../../../../src/core/sweep/duration';
import { expand } from '../../../../src/core/sweep/expand';
import { isHydraKey } from '../../../../src/core/sweep/hydra';
import { parseSweep } from '../../../../src/core/sweep/parseSweep';
import { readValue } from '../../../../src/core/sweep/readValue';
import { taskIndex } from '../../../../src/core/sweep/taskName';
import { parametersToJson, toJson, type ParameterValue } from '../../../../src/core/sweep/value';
import { readYaml } from '../../../../src/core/sweep/yaml/readYaml';
import { readScalar } from '../../../../src/core/sweep/yaml/scalar';
import { entryOf, type YamlNode } from '../../../../src/core/sweep/yaml/yamlNode';
import { brief, combinationsOf, expansionOf } from './sweepText';
import { vectorGroup, VECTORS_TEXT } from './vectors';

interface ExpansionVector {
  readonly id: string;
  readonly input: { readonly max_runs?: number };
  readonly upstream_main: {
    readonly count: number;
    readonly generated: number;
    readonly combinations: unknown[] | null;
  };
  readonly ours?: { readonly error?: string; readonly severity?: string; readonly count?: number };
}

describe('Vectors of the Python tool: param_expansion', () => {
  for (const { id, input, upstream_main: upstream, ours } of vectorGroup(
    'param_expansion',
  ) as ExpansionVector[]) {
    const { max_runs: limit, ...sweep } = input;
    const text = JSON.stringify(sweep);
    if (ours?.error !== undefined) {
      it(`${id}: is refused`, () => {
        assert.deepEqual(
          parseSweep(text).problems.map(({ severity, message }) => `${severity}: ${message}`),
          [`error: ${ours.error ?? ''}.`],
        );
      });
      continue;
    }
    it(`${id}: ${String(upstream.count)} combinations`, () => {
      const expansion = expansionOf(text);
      assert.equal(expansion.count, upstream.count);
      const first = [...expansion].slice(0, limit).map(parametersToJson);
      assert.equal(first.length, upstream.generated);
      if (upstream.combinations) assert.deepEqual(first, upstream.combinations);
      assert.deepEqual(
        expansion.notices.map((notice) => notice.severity),
        ours?.severity === undefined ? [] : [ours.severity],
      );
    });
  }
});

describe('Vectors of the Python tool: hydra_args', () => {
  const root = readYaml(VECTORS_TEXT);
  for (const vector of itemsOf(root.root, 'hydra_args')) {
    const [key, value, token] = ['key', 'value', 'ours_argv'].map((name) => valueIn(vector, name));
    assert.ok(typeof key === 'string' && typeof token === 'string');
    it(token, () => {
      assert.deepEqual(formatArguments('hydra', new Map([[key, value ?? null]])), [token]);
    });
  }

  function itemsOf(node: YamlNode | undefined, group: string): readonly YamlNode[] {
    const list = node?.kind === 'map' ? entryOf(node, group)?.value : undefined;
    return list?.kind === 'list' ? list.items : [];
  }

  function valueIn(node: YamlNode, name: string): ParameterValue | undefined {
    const value = node.kind === 'map' ? entryOf(node, name)?.value : undefined;
    return value && readValue(value, root.problems);
  }
});

describe('Vectors of the Python tool: hydra_quoting_rules', () => {
  const rules = vectorGroup('hydra_quoting_rules') as Record<string, string>;
  const [bare = '', reserved = ''] = (rules['bare_string_ok_regex'] ?? '').split(/ +AND NOT +/);
  const isBare = (text: string): boolean =>
    new RegExp(bare).test(text) && !new RegExp(reserved.replace(/^\/|\/i$/g, ''), 'i').test(text);

  it('leaves exactly the texts bare that the rules name', () => {
    const texts = [
      'adam',
      'a-b',
      'a.b/c',
      '/data/x.csv',
      '_x',
      '1a',
      '-x',
      'a b',
      'a:b',
      'null',
      'NaN',
      'Inf',
      'nulls',
      'true',
      'é',
      '',
    ];
    for (const text of texts) {
      const [token] = formatArguments('hydra', new Map([['k', text]]));
      assert.equal(token === `k=${text}` && text !== '', isBare(text), text);
    }
  });

  it('takes exactly the keys that the rules name', () => {
    const rule = new RegExp(rules['key_regex'] ?? '');
    for (const key of [
      'a',
      'a.b.0.c',
      '+a',
      '++a.b',
      '~a',
      'db/mysql',
      'db@pkg',
      'a b',
      '0a',
      'a.',
      'a=b',
      '',
      'a.00',
    ])
      assert.equal(isHydraKey(key), rule.test(key), key);
  });
});

describe('Vectors of the Python tool: yaml_scalars', () => {
  for (const vector of vectorGroup('yaml_scalars') as Record<string, string | number>[]) {
    const text = String(vector['text']);
    const expected = vector['newer_upstream'];
    it(`${text} is ${String(expected)}`, () => {
      const { value } = readScalar({ kind: 'scalar', text, plain: true, start: 0, end: text.length });
      if (typeof expected === 'number') assert.equal(toJson(value), expected);
      else if (expected === '-Infinity') assert.deepEqual(value, { number: -Infinity, text: '-inf' });
      else assert.equal(value, expected?.replace('str:', ''));
    });
  }

  it('warns exactly where a program would get something else from YAML 1.1 or from YAML 1.2', () => {
    const warned = (vectorGroup('yaml_scalars') as { text: string }[])
      .filter(({ text }) => parseSweep(`grid: { a: [${text}] }`).problems.length > 0)
      .map(({ text }) => text);
    assert.deepEqual(warned, ['1_000', '1__0', '12:00:00']);
  });
});

describe('Vectors of the Python tool: walltime', () => {
  for (const vector of vectorGroup('walltime') as Record<string, string | number>[]) {
    const text = String(vector['in']);
    const refused = 'ours' in vector;
    const seconds = vector['ours_seconds'] ?? vector['seconds'];
    it(`${text} is ${refused ? 'refused' : `${String(seconds)} s`}`, () => {
      const duration = parseDuration(text);
      assert.equal(duration.kind, refused ? 'unreadable' : 'seconds');
      if (duration.kind === 'seconds') assert.equal(duration.seconds, seconds);
    });
  }
});

describe('Vectors of the Python tool: sweep_file_shapes', () => {
  it('takes the flat form as the nested one', () => {
    const { yaml, equals } = shape(0);
    assert.deepEqual(combinationsOf(yaml), combinationsOf(JSON.stringify({ sweep: equals })));
  });

  it('says that a grid beside `sweep` belongs into it', () => {
    const { problems, value } = parseSweep(shape(1).yaml);
    assert.deepEqual(brief(problems), ['warning unknown-key 2:1']);
    assert.equal(problems[0]?.hint, 'Did you mean `sweep.grid`?');
    assert.ok(value);
    assert.equal(expand(value).count, 1);
  });

  it('says that an empty file is empty', () => {
    const { problems, value } = parseSweep(shape(2).yaml);
    assert.equal(value, undefined);
    assert.deepEqual(
      problems.map(({ message, severity }) => ({ message, severity })),
      [{ message: 'The sweep file is empty.', severity: 'error' }],
    );
  });

  function shape(index: number): { yaml: string; equals?: unknown } {
    const found = (vectorGroup('sweep_file_shapes') as { yaml: string; equals?: unknown }[])[index];
    assert.ok(found);
    return found;
  }
});

describe('Vectors of the Python tool: config_warnings of sweep files', () => {
  const { vectors } = vectorGroup('config_warnings') as { vectors: { sweep?: object; hint: string }[] };
  for (const { sweep, hint } of vectors.filter((vector) => vector.sweep)) {
    it(`${JSON.stringify(sweep)}: did you mean ${hint}`, () => {
      const unknown = parseSweep(JSON.stringify(sweep)).problems.filter(({ code }) => code === 'unknown-key');
      assert.deepEqual(
        unknown.map((problem) => problem.hint),
        [`Did you mean \`${hint}\`?`],
      );
      assert.match(unknown[0]?.message ?? '', /^`[\w.]+` is not a known key, so it is ignored\.$/);
    });
  }
});

describe('Vectors of the Python tool: task_index', () => {
  const { vectors } = vectorGroup('task_index') as { vectors: { in: string; out: number | null }[] };
  for (const { in: name, out } of vectors)
    it(`${name || '(empty)'} is ${String(out)}`, () => {
      assert.equal(taskIndex(name), out ?? undefined);
    });
});
