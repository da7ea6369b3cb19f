import assert from 'node:assert/strict';
import {
  blankVariableParts,
  formatSignature,
  kindredSignature,
} from '../../../../src/core/analysis/signature';

function checkBlank(message: string, expected: string): void {
  assert.equal(blankVariableParts(message), expected, message);
}

describe('blankVariableParts', () => {
  it('blanks numbers however they are written', () => {
    checkBlank('loss is nan at epoch 17', 'loss is <n> at epoch <n>');
    checkBlank('loss is -inf at epoch 3', 'loss is <n> at epoch <n>');
    checkBlank('lr must be positive: -1.5e-04', 'lr must be positive: <n>');
    checkBlank(
      'Tried to allocate 2.50 GiB (GPU 0; 23.69 GiB total)',
      'Tried to allocate <size> (GPU <n>; <size> total)',
    );
    checkBlank('.5 is not 1_000', '<n> is not <n>');
    checkBlank('1.5E-04 of n=10k', '<n> of n=<n>');
  });

  it('blanks sizes and times whatever their unit', () => {
    checkBlank('used 512MB of 85%', 'used <size> of <n>%');
    checkBlank('12.5GB, 800 MiB, 17 bytes and 2GiB', '<size>, <size>, <size> and <size>');
    checkBlank('after 5.5s, 300ms, 10 minutes or 1h30m', 'after <time>, <time>, <time> or <time>');
    checkBlank('at 2024-01-02T10:11:12Z', 'at <time>');
    checkBlank('at 2024-01-02 10:11:12,345+01:00: end', 'at <time>: end');
    checkBlank('in 2024-01-02/10-11-12/run', 'in <path>');
    checkBlank('expected 4D input, got conv2d', 'expected 4D input, got conv2d');
  });

  it('blanks addresses of the network and versions whole', () => {
    checkBlank('10.0.0.1:8080 and 192.168.1.20 refused.', '<address> and <address> refused.');
    checkBlank('needs v1.2.3, has 2.1.0+cu118 or 3.0rc1', 'needs <version>, has <version> or <version>');
    checkBlank('torch-2.1.0rc1', 'torch-<version>');
  });

  it('blanks what Hydra was started with', () => {
    checkBlank("Error with overrides: ['lr=0.1', 'x=[1,2]']", 'Error with overrides: <values>');
  });

  it('blanks shapes of any length alike', () => {
    checkBlank('size [64, 10] and (3, 4, 5)', 'size [<n>] and (<n>)');
    checkBlank('mat1 32x10 and 64x10', 'mat1 <n> and <n>');
  });

  it('keeps digits that belong to a name', () => {
    checkBlank("expected float32 in conv2d, got 'relu6'", "expected float32 in conv2d, got 'relu6'");
    checkBlank('Input contains NaN', 'Input contains NaN');
    checkBlank('info about instance', 'info about instance');
  });

  it('blanks the number of a name that is one of a series', () => {
    checkBlank('task_0012 on cuda:1 of node-07', 'task_<n> on cuda:<n> of node-<n>');
  });

  it('blanks how far a progress bar is', () => {
    checkBlank('45%|████▌     | 45/100 [00:03<00:04, 13.2it/s]', '<bar>');
    checkBlank('train: 100%|##########| 1.2k/1.2k [1:02:03<00:00,  2.31s/it, loss=0.3]', 'train: <bar>');
    checkBlank('50/100 [━━━━━━━     ] 3s 12ms/step', '<n> [<bar>] <time> <n>');
    checkBlank('50/100 [=====>......] - ETA: 0:03', '<n> [<bar>] - ETA: <n>');
    checkBlank('downloaded 12.5MB/s in 0:00:03', 'downloaded <n> in <n>');
    checkBlank('a | b | c', 'a | b | c');
  });

  it('blanks paths, addresses and ids', () => {
    checkBlank("No such file: '/data/a b/x.csv'", "No such file: '<path> <path>'");
    checkBlank("No such file: '/data/set1/x.csv'", "No such file: '<path>'");
    checkBlank(String.raw`cannot open C:\data\x.csv`, 'cannot open <path>');
    checkBlank('cannot read outputs/run_1/model.pt', 'cannot read <path>');
    checkBlank('<Net object at 0x7f3a2c> failed', '<Net object at <address>> failed');
    checkBlank('run 3f2b1c4d-0001-4e5f-8a9b-1234567890ab failed', 'run <id> failed');
    checkBlank('commit 59185ea is unknown', 'commit <n> is unknown');
    checkBlank('run_abcdef12 and run_12345678', 'run_<n> and run_<n>');
    checkBlank('GET https://host:8080/api?id=3 refused', 'GET <url> refused');
  });

  it('stays quick on a hostile message', () => {
    const started = process.cpuUsage().user;
    for (const part of ['a/', '1', '-', '.', '<n>, ', 'a.', '0x', '\\', '1.', '1.1a', '1m', '2024-01-', 'a1'])
      blankVariableParts(part.repeat(2000));
    assert.ok(process.cpuUsage().user - started < 2_000_000);
  });
});

describe('formatSignature', () => {
  it('joins what was said and where, without the line', () => {
    assert.equal(
      formatSignature('ValueError: epoch 3', { file: 'src/model.py', function: 'step' }),
      'ValueError: epoch <n> @ src/model.py:step',
    );
    assert.equal(formatSignature('SyntaxError: bad', { file: 'a.py' }), 'SyntaxError: bad @ a.py');
    assert.equal(formatSignature('exit code 3', undefined), 'exit code 3');
  });
});

describe('kindredSignature', () => {
  it('blanks the digits of names, but not of a place or an exit code', () => {
    const check = (signature: string, expected: string): void => {
      assert.equal(kindredSignature(signature), expected);
      assert.equal(kindredSignature(expected), expected, 'of itself it is the same');
    };
    check("KeyError: 'subject42' @ fold3.py:step2", "KeyError: 'subject<n>' @ fold3.py:step2");
    check('exit code 137; gpu03 is full', 'exit code 137; gpu<n> is full');
    check('exit code 3', 'exit code 3');
  });

  it('is equal for long messages that are cut in different places', () => {
    const signatures = [7, 1234].map((number) =>
      kindredSignature(formatSignature(`sub${number} ${'and so on '.repeat(60)}`, undefined)),
    );
    assert.equal(signatures[0], signatures[1]);
  });
});
