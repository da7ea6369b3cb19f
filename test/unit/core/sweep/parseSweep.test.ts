import assert from 'node:assert/strict';
import { hasErrors } from '../../../../src/core/sweep/problem';
import { parseSweep } from '../../../../src/core/sweep/parseSweep';
import { brief, combinationsOf, expansionOf, sweepOf } from './sweepText';

/** Checks problems as `severity code line:column`, and the first one's hint. */
function checkProblems(text: string, expected: readonly string[], hint?: string): void {
  const { problems } = parseSweep(text);
  assert.deepEqual(brief(problems), expected);
  if (hint !== undefined) assert.equal(problems[0]?.hint, hint);
}

describe('A sweep file', () => {
  it('is read with everything that it says', () => {
    const sweep = sweepOf(`
script: train.py
metadata: { description: learning rate, tags: [baseline], budget: 1e3 }
defaults: { trainer: { max_epochs: 5 } }
sweep:
  grid:
    optimizer: { lr: [1e-4, 1e-3], name: [adam, sgd] }
  random: { samples: 2, seed: 7, parameters: { dropout: { uniform: [0, 0.5] } } }
run: { retries: 1, timeout: "02:00:00", stop_after_failures: 50%, sources: [gpubox, cluster], lost: ask }
`);
    assert.equal(sweep.script, 'train.py');
    assert.deepEqual(sweep.metadata, { description: 'learning rate', tags: ['baseline'], budget: 1000 });
    assert.deepEqual([...sweep.defaults.keys()], ['trainer.max_epochs']);
    assert.deepEqual(
      sweep.axes.map((axis) => axis.names),
      [['optimizer.lr'], ['optimizer.name']],
    );
    assert.deepEqual(sweep.run, {
      retries: 1,
      lost: 'ask',
      timeoutSec: 7200,
      stopAfterFailures: { share: 0.5 },
      sources: ['gpubox', 'cluster'],
    });
  });

  it('has quiet defaults', () => {
    assert.deepEqual(sweepOf('grid: { a: [1] }').run, { retries: 0, lost: 'rerun' });
    assert.deepEqual(sweepOf('grid: { a: [1] }\nrun:\nmetadata:\ndefaults:\n').metadata, {});
  });

  it('of the Python tool works with its Hydra defaults list', () => {
    const text = `defaults:\n  - override hydra/launcher: basic\nsweep:\n  grid:\n    seed: [1, 2]\n`;
    checkProblems(text, ['information hydra-defaults 2:3']);
    assert.deepEqual(combinationsOf(text), [{ seed: 1 }, { seed: 2 }]);
    checkProblems("defaults: [{ override: 'hydra/launcher: basic' }]\ngrid: { a: [1] }", [
      'information hydra-defaults 1:11',
    ]);
    checkProblems('defaults: { override hydra/launcher: basic, a: 1 }\ngrid: { b: [1] }', [
      'information hydra-defaults 1:13',
    ]);
  });

  it('names keys of the Python tool that mean nothing here', () => {
    checkProblems('complete: sweep_1\ngrid: { a: [1] }\nresumable: { max_chunks: 3 }', [
      'warning unsupported-key 1:1',
      'warning unsupported-key 3:1',
    ]);
    checkProblems('sweep: { grid: { a: [1] }, cost_param: a, combinations: [] }', [
      'warning unsupported-key 1:28',
      'warning unsupported-key 1:43',
    ]);
  });

  it('suggests the key that was meant', () => {
    checkProblems('grdi: { a: [1] }', ['warning unknown-key 1:1'], 'Did you mean `grid`?');
    checkProblems(
      'sweep: { grid: { a: [1] }, script: x.py }',
      ['warning unknown-key 1:28'],
      'Did you mean `script`?',
    );
    checkProblems(
      'grid: { a: [1] }\nrun: { retry: 1 }',
      ['warning unknown-key 2:8'],
      'Did you mean `run.retries`?',
    );
    checkProblems('grid: { a: [1] }\ncolour: red', ['warning unknown-key 2:1']);
    assert.equal(parseSweep('grid: { a: [1] }\ncolour: red').problems[0]?.hint, undefined);
  });

  it('that is no map, or nothing, is refused', () => {
    for (const text of ['', '\n# only a comment\n', '---\n', 'null'])
      checkProblems(text, ['error empty-file 1:1']);
    checkProblems('- a\n- b', ['error not-a-map 1:1']);
    checkProblems('just text', ['error not-a-map 1:1']);
  });
});

describe('Values in a sweep file', () => {
  it('must be lists: a single value is never taken apart', () => {
    checkProblems(
      'grid: { opt: adam }',
      ['error not-a-list 1:14'],
      'Write `opt: [adam]`, or move it to `defaults`.',
    );
    checkProblems('grid: { seed: 3 }', ['error not-a-list 1:15']);
    checkProblems('grid: { seed: }', ['error not-a-list 1:15']);
    checkProblems('grid: { a: {} }', ['error not-a-list 1:12']);
    checkProblems('grid: [1]', ['error not-a-map 1:7']);
  });

  it('must not be empty lists', () => {
    checkProblems('grid: { a: [], b: [1] }', ['error empty-list 1:12']);
    checkProblems('paired: [{ g: { a: [] } }]', ['error empty-list 1:20']);
  });

  it('keep the text of their numbers', () => {
    const { axes } = sweepOf('grid: { a: [1.0, 1e-3, 1E3, 10000000000.0, 123456789012345678901, +5, -.5] }');
    assert.deepEqual(
      axes[0]?.columns[0]?.map((value) => (value as { text: string }).text),
      ['1.0', '1e-3', '1E3', '10000000000.0', '123456789012345678901', '+5', '-.5'],
    );
  });

  it('are text in quotes and in blocks, and by tag', () => {
    assert.deepEqual(combinationsOf('grid:\n  a: ["1", \'true\', !!str 1e3, !!float 2]\n'), [
      { a: '1' },
      { a: 'true' },
      { a: '1e3' },
      { a: 2 },
    ]);
    assert.deepEqual(combinationsOf('grid:\n  a:\n    - |\n      two\n      lines\n'), [
      { a: 'two\nlines\n' },
    ]);
  });

  it('may be lists and maps themselves', () => {
    assert.deepEqual(combinationsOf('grid: { layers: [[1, [2]], { a: { b: 1 } }, null] }'), [
      { layers: [1, [2]] },
      { layers: { a: { b: 1 } } },
      { layers: null },
    ]);
  });

  it('that YAML 1.1 and 1.2 read differently come with a warning', () => {
    const cases: [string, unknown, boolean][] = [
      ['010', 10, true],
      ['007', 7, false],
      ['089', 89, true],
      ['0x1F', 31, false],
      ['0o17', 15, true],
      ['0b101', '0b101', true],
      ['1_000', 1000, true],
      ['12:00:00', '12:00:00', true],
      ['1e-1', 0.1, false],
      ['yes', true, true],
      ['Off', false, true],
      ['y', 'y', false],
      ['~', null, false],
      ['2024-01-01', '2024-01-01', false],
      ['.nan', 'nan', false],
      ['+.inf', 'inf', false],
    ];
    for (const [text, value, warns] of cases) {
      checkProblems(`grid: { a: [${text}] }`, warns ? ['warning ambiguous-scalar 1:13'] : []);
      assert.deepEqual(combinationsOf(`grid: { a: [${text}] }`), [{ a: value }], text);
    }
  });

  it('cannot hold what no program can be given', () => {
    checkProblems('grid: { a: ["\\0"] }', ['error unpassable-text 1:13']);
    checkProblems('grid: { a: ["\\uD800"] }', ['error unpassable-text 1:13']);
  });
});

describe('Parameter names', () => {
  it('are dotted paths through nested maps', () => {
    assert.deepEqual(
      expansionOf('grid: { model: { hidden: [1], opt: { name: [a] } }, seed: [1] }').parameterNames,
      ['model.hidden', 'model.opt.name', 'seed'],
    );
  });

  it('must not collide after flattening', () => {
    checkProblems('grid: { a.b: [1], a: { b: [2] } }', ['error duplicate-name 1:24']);
    checkProblems('include: [{ a.b: 1, a: { b: 2 } }]', ['error duplicate-name 1:26']);
  });

  it('may be the beginning of others: in Hydra a group and a value in it', () => {
    assert.deepEqual(combinationsOf('grid: { model: [resnet], model.width: [8, 16] }'), [
      { model: 'resnet', 'model.width': 8 },
      { model: 'resnet', 'model.width': 16 },
    ]);
  });

  it('belong to one of grid, paired and random', () => {
    checkProblems('grid: { a: [1] }\npaired: [{ g: { a: [1, 2] } }]', ['error duplicate-name 2:17']);
    checkProblems('paired: [{ g: { a: [1] } }, { h: { a: [1] } }]', ['error duplicate-name 1:36']);
    checkProblems('grid: { a: [1] }\nrandom: { samples: 1, parameters: { a: { uniform: [0, 1] } } }', [
      'error duplicate-name 2:37',
    ]);
  });

  it('override defaults, which is said', () => {
    const text = 'defaults: { a: 1, b: 2 }\ngrid: { a: [3] }';
    checkProblems(text, ['information default-overridden 1:13']);
    assert.deepEqual(combinationsOf(text), [{ b: 2, a: 3 }]);
  });

  it('are text: other scalars count as they are written, lists and nothing are refused', () => {
    assert.deepEqual(combinationsOf('grid: { 1: [a], true: [b], 1e3: [c] }'), [
      { 1: 'a', true: 'b', '1e3': 'c' },
    ]);
    checkProblems('grid: { [a]: [1] }', ['error key-not-text 1:9']);
    checkProblems('grid: { "": [1], b: { "": [2] } }', ['error empty-name 1:9', 'error empty-name 1:23']);
  });

  it('must be written once', () => {
    checkProblems('grid: { a: [1], a: [2] }', ['error duplicate-key 1:17']);
    checkProblems('grid: { a: [1] }\ngrid: { b: [1] }', ['error duplicate-key 2:1']);
  });
});

describe('Paired groups', () => {
  it('need equally many values', () => {
    checkProblems('paired:\n  - g: { a: [1, 2], b: [1, 2, 3] }', ['error unequal-lengths 2:5']);
    assert.match(
      parseSweep('paired:\n  - g: { a: [1, 2], b: [1, 2, 3] }').problems[0]?.message ?? '',
      /`a` has 2, `b` has 3/,
    );
  });

  it('are a list of named maps', () => {
    checkProblems('paired: { g: { a: [1] } }', ['error not-a-list 1:9']);
    checkProblems('paired: [{ a: [1], b: [2] }]', ['error group-without-name 1:12']);
    checkProblems('paired: [7]', ['error not-a-map 1:10']);
    checkProblems('paired: [{ g: {} }]', ['error empty-group 1:10']);
  });
});

describe('Random parameters', () => {
  const random = (parameters: string): string => `random: { samples: 3, parameters: { ${parameters} } }`;

  it('have a distribution', () => {
    checkProblems(random('a: { uniform: [0, 1] }, b: { c: { choice: [x] } }'), []);
    checkProblems(random('a: [1, 2]'), ['error not-a-distribution 1:40']);
    checkProblems(
      random('a: { unifrom: [0, 1] }'),
      ['error not-a-distribution 1:51'],
      'Did you mean `uniform`?',
    );
    checkProblems(random('a: { choice: x }'), ['error not-a-list 1:50']);
    checkProblems(random('a: { choice: [] }'), ['error empty-list 1:50']);
    checkProblems(random(''), ['error empty-map 1:35']);
  });

  it('have bounds that make sense', () => {
    const bad = [
      'uniform: [1, 1]',
      'uniform: [0]',
      'uniform: [a, b]',
      'uniform: 3',
      'log_uniform: [0, 1]',
      'int: [1, 2.5]',
    ];
    for (const range of [...bad, 'normal: [0, 0]', 'uniform: [-1e308, 1e308]', 'uniform: [0, .inf]'])
      assert.deepEqual(
        parseSweep(random(`a: { ${range} }`)).problems.map(({ code }) => code),
        ['bad-range'],
        range,
      );
  });

  it('need samples and parameters', () => {
    checkProblems('random: { parameters: { a: { uniform: [0, 1] } } }', ['error missing-samples 1:9']);
    checkProblems('random: { samples: 3 }', ['error missing-parameters 1:9']);
    checkProblems(random('a: { uniform: [0, 1] }').replace('3', '-1'), ['error bad-value 1:20']);
    checkProblems('random: { samples: 3, a: { uniform: [0, 1] } }', [
      'error missing-parameters 1:9',
      'warning unknown-key 1:23',
    ]);
  });
});

describe('Exclude and include clauses', () => {
  it('are lists of maps that name something', () => {
    checkProblems('grid: { a: [1] }\nexclude: { a: 1 }', ['error not-a-list 2:10']);
    checkProblems('grid: { a: [1] }\nexclude: [{}]', ['error empty-clause 2:11']);
    checkProblems('grid: { a: [1] }\ninclude: [3]', ['error not-a-map 2:11']);
  });

  it('warn of names that nothing else sets', () => {
    checkProblems(
      'grid: { optimizer.lr: [1, 2] }\nexclude: [{ lr: 1 }]',
      ['warning unknown-parameter 2:11'],
      'Did you mean `optimizer.lr`?',
    );
    checkProblems('grid: { seed: [1] }\ninclude: [{ sede: 1 }]', ['warning unknown-parameter 2:11']);
    checkProblems('include: [{ a: 1 }, { b: 1 }]', []);
  });
});

describe('The run block', () => {
  const check = (run: string, expected: readonly string[], hint?: string): void => {
    checkProblems(`grid: { a: [1] }\nrun: { ${run} }`, expected, hint);
  };

  it('refuses values of another kind at their place', () => {
    check('retries: -1', ['error bad-value 2:17']);
    check('retries: many', ['error bad-value 2:17']);
    check('retries: null', []);
    check('lost: rerum', ['error bad-value 2:14'], 'Did you mean `rerun`?');
    check('sources: gpubox', ['error not-a-list 2:17'], 'Write `[gpubox]`.');
    check('sources: []', ['error empty-list 2:17']);
    check('stop_after_failures: 0', ['error bad-value 2:29']);
    check('stop_after_failures: 101%', ['error bad-value 2:29']);
    check('arguments: [a, "{arguments}"]', []);
    check('arguments: hidra', ['error bad-value 2:19'], 'Did you mean `hydra`?');
  });

  it('takes a command as a list of words', () => {
    check(
      'command: python train.py',
      ['error not-a-list 2:17'],
      'Write it as a list, one item per word: `[python, train.py]`.',
    );
    check('command: []', ['error empty-list 2:17']);
    check('command: [train, {lr}]', ['error bad-value 2:25'], 'Put it in quotes: `"{lr}"`.');
    assert.deepEqual(sweepOf('grid: { a: [1] }\nrun: { command: [nice, -n, 5, "{a}"] }').run.command, [
      'nice',
      '-n',
      '5',
      '{a}',
    ]);
  });

  it('takes a failure limit as a number or a share', () => {
    assert.deepEqual(sweepOf('grid: { a: [1] }\nrun: { stop_after_failures: 3 }').run.stopAfterFailures, {
      tasks: 3,
    });
    assert.deepEqual(sweepOf('grid: { a: [1] }\nrun: { stop_after_failures: 12.5% }').run.stopAfterFailures, {
      share: 0.125,
    });
  });

  it('says how it reads a timeout without a unit', () => {
    check('timeout: 90', ['information bare-duration 2:17']);
    check('timeout: 23:00', ['error bad-duration 2:17'], 'Write "23:00:00" or "00:23:00".');
    check('timeout: unlimited', []);
    check('timeout: 12:00:00', []);
  });
});

describe('YAML that is broken or hostile', () => {
  it('is a problem at its place', () => {
    checkProblems('grid: { a: [1, 2 }', ['error yaml-syntax 1:18']);
    checkProblems('grid:\n\ta: [1]', ['error tab-indent 2:1']);
    assert.ok(hasErrors(parseSweep('grid: { a: [1] }\n---\nb: 1').problems));
  });

  it('may use anchors, aliases and merges', () => {
    assert.deepEqual(combinationsOf('grid:\n  a: &values [1, 2]\n  b: *values\n').length, 4);
    assert.deepEqual(combinationsOf('x: &base { a: [1], b: [2] }\ngrid: { <<: *base, b: [3] }'), [
      { b: 3, a: 1 },
    ]);
    checkProblems('grid: { a: *nothing }', ['error unknown-anchor 1:12', 'error not-a-list 1:12']);
    checkProblems('grid: { a: &a [1, *a] }', ['error recursive-alias 1:19']);
    checkProblems('grid: { <<: 3, a: [1] }', ['error bad-merge 1:9']);
  });

  it('is not expanded when its aliases multiply', () => {
    const lines = ['a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]'];
    for (let level = 1; level <= 9; level++)
      lines.push(
        `a${String(level)}: &a${String(level)} [${Array(10)
          .fill(`*a${String(level - 1)}`)
          .join(', ')}]`,
      );
    const started = performance.now();
    checkProblems(`${lines.join('\n')}\ngrid: { a: *a9 }`, ['error alias-bomb 1:1']);
    assert.ok(performance.now() - started < 1000);
  });

  it('is refused unread above the size limit', () => {
    const text = `grid:\n  a: [${'1, '.repeat(17_000_000)}1]\n`;
    const started = performance.now();
    checkProblems(text, ['error file-too-large 1:1']);
    assert.ok(performance.now() - started < 1000);
  });

  it('is refused when it is nested beyond reason', () => {
    assert.deepEqual(
      parseSweep(`grid: ${'['.repeat(1_000_000)}${']'.repeat(100_000)}`).problems.map(({ code }) => code),
      ['too-deep'],
    );
  });

  it('lists a hundred problems of a kind, not a million', () => {
    const { problems } = parseSweep(`grid: { a: [${Array(5000).fill('010').join(', ')}] }`);
    assert.equal(problems.length, 100);
    assert.match(problems.at(-1)?.message ?? '', /not listed/);
  });

  it('may begin with a byte order mark and have lines of Windows', () => {
    assert.deepEqual(combinationsOf('\uFEFFgrid:\r\n  a: [1]\r\n  b: [x]\r\n'), [{ a: 1, b: 'x' }]);
  });
});
