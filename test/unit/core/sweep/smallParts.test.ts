import assert from 'node:assert/strict';
import { parseDuration } from '../../../../src/core/sweep/duration';
import { isSweepFile } from '../../../../src/core/sweep/isSweepFile';
import { parameterHash } from '../../../../src/core/sweep/parameterHash';
import { taskIndex, taskName } from '../../../../src/core/sweep/taskName';
import { editDistance, suggest } from '../../../../src/core/sweep/yaml/suggest';
import { expansionOf } from './sweepText';

describe('A task’s name', () => {
  it('has four digits, or as many as the sweep needs', () => {
    assert.equal(taskName(7, 12), 'task_0007');
    assert.equal(taskName(9999, 9999), 'task_9999');
    assert.equal(taskName(7, 100_000), 'task_000007');
    assert.equal(taskIndex(taskName(123, 45_678)), 123);
  });
});

describe('A duration', () => {
  const check = (text: string, seconds: number | 'unlimited' | 'unreadable'): void => {
    const duration = parseDuration(text);
    assert.equal(duration.kind === 'seconds' ? duration.seconds : duration.kind, seconds, text);
  };

  it('is read in the spellings of Slurm, and with units', () => {
    check('02:00:00', 7200);
    check('1-12', 129_600);
    check('2-00:30', 174_600);
    check('90s', 90);
    check('1.5h', 5400);
    check('15 m', 900);
    check('1d', 86_400);
    check('UNLIMITED', 'unlimited');
  });

  it('is refused when it can mean two things, or nothing', () => {
    for (const text of [
      '23:00',
      '0',
      '00:00:00',
      '1-24:00:00',
      '1:60:00',
      '-5',
      'soon',
      '',
      '1:2:3:4',
      '1h30m',
    ])
      check(text, 'unreadable');
  });
});

describe('The hash of a combination', () => {
  const hash = (grid: string): string => parameterHash(expansionOf(`grid: { ${grid} }`).at(0));

  it('is the same for the same values in any order and spelling', () => {
    assert.equal(hash('a: [1], b: [x]'), hash('b: [x], a: [1]'));
    assert.equal(hash('a: [1e-3]'), hash('a: [0.001]'));
    assert.equal(hash('a: [+5]'), hash('a: [5]'));
    assert.equal(hash('a: [{ x: 1, y: 2 }]'), hash('a: [{ y: 2, x: 1 }]'));
  });

  it('differs for other values, types and names', () => {
    const all = [
      'a: [1]',
      'a: [1.0]',
      'a: ["1"]',
      'a: [true]',
      'a: ["true"]',
      'a: [null]',
      'b: [1]',
      'a: [[1]]',
      'a: [[1, 1]]',
      'a: [[[1], 1]]',
      'a: [9007199254740993]',
      'a: [9007199254740992]',
      'a: [.nan]',
      'a: ["nan"]',
      'a: [1], b: [1]',
    ];
    assert.equal(new Set(all.map(hash)).size, all.length);
  });

  it('never changes from one release to the next', () => {
    assert.equal(hash('lr: [1e-3], name: [adam], layers: [[64, 1.0]]'), PINNED_HASH);
  });
});

describe('A sweep file is known', () => {
  it('by its name and the keys at its top', () => {
    const check = (file: string, text: string, expected: boolean): void => {
      assert.equal(isSweepFile(file, text), expected, `${file}: ${text}`);
    };
    check('sweeps/lr.yaml', 'script: a.py\nsweep:\n  grid: {}\n', true);
    check('lr.YML', '# comment\ngrid: { a: [1] }', true);
    check('lr.yaml', 'paired:\r\n  - g:\r\n', true);
    check('lr.yaml', '{ "sweep": { "grid": {} } }', true);
    check('lr.yaml', '\uFEFFgrid:\n', true);
    check('lr.json', '{ "sweep": {} }', false);
    check('/p/.hsm/config.yaml', 'sweep: 1', false);
    check('C:\\p\\.hsm\\config.yaml', 'sweep: 1', false);
    check('config.yaml', 'hydra:\n  sweep:\n    dir: x\n', false);
    check('config.yaml', '# sweep: no\nname: x\n', false);
    check('config.yaml', 'sweeper: x\ngrid_size: 3\n', false);
    check('ci.yml', 'include: [a.yml]\n', false);
    check('lr.yaml', `data: [${'1, '.repeat(20_000_000)}]`, false);
  });
});

describe('A suggestion', () => {
  it('is the nearest name, the same name elsewhere, or one that begins alike', () => {
    assert.equal(suggest('gird', ['paired', 'grid']), 'grid');
    assert.equal(suggest('sweep.script', ['script', 'sweep.grid']), 'script');
    assert.equal(suggest('retry', ['retries', 'lost']), 'retries');
    assert.equal(suggest('colour', ['grid', 'run', 'script']), undefined);
  });

  it('counts a swap as one change', () => {
    assert.equal(editDistance('gird', 'grid'), 1);
    assert.equal(editDistance('', 'abc'), 3);
    assert.equal(editDistance('kitten', 'sitting'), 3);
  });
});

const PINNED_HASH = '280e04b9c0daeb79e500f57cba83b723';
