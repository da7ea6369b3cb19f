import assert from 'node:assert/strict';
import { blankVariableParts, formatSignature } from '../../../../src/core/analysis/signature';

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
      'Tried to allocate <n> GiB (GPU <n>; <n> GiB total)',
    );
    checkBlank('used 512MB of 85%', 'used <n>MB of <n>%');
    checkBlank('.5 is not 1_000', '<n> is not <n>');
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
    checkBlank('50/100 [━━━━━━━     ] 3s 12ms/step', '<n> [<bar>] <n>s <n>');
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
    checkBlank('commit 59185ea is unknown', 'commit <id> is unknown');
    checkBlank('GET https://host:8080/api?id=3 refused', 'GET <url> refused');
  });

  it('stays quick on a hostile message', () => {
    const started = process.cpuUsage().user;
    for (const part of ['a/', '1', '-', '.', '<n>, ', 'a.', '0x', '\\'])
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
