import assert from 'node:assert/strict';
import { formatCollected, formatCollecting } from '../../../../src/cli/text/collectText';

const report = { collected: [1, 2], failed: [], bytes: 2048, errors: [] };

describe('what came home', () => {
  it('is told in a line', () => {
    assert.deepEqual(formatCollected('gpubox', report, 'outputs/lr_1'), [
      'gpubox: 2 tasks in outputs/lr_1, 2.0 KiB copied',
    ]);
    assert.deepEqual(formatCollected('gpubox', { ...report, failed: [3] }, 'o'), [
      'gpubox: 2 tasks in o, 2.0 KiB copied, 1 task could not be brought home',
    ]);
  });

  it('names files that stayed, the first of many', () => {
    const leftOut = Array.from({ length: 7 }, (_, index) => ({
      task: index + 1,
      path: 'model\u001b[2J.bin',
      reason: 'is larger than 500 MiB',
    }));
    const lines = formatCollected('gpubox', { ...report, leftOut }, 'o');
    assert.equal(lines[1], '  stays there: model [2J.bin of task 1, is larger than 500 MiB');
    assert.equal(lines.length, 7);
    assert.equal(lines.at(-1), '  and 2 more files stay there');
  });

  it('says how large is what stayed', () => {
    const leftOut = [{ task: 3, path: 'model.ckpt', reason: 'is excluded', bytes: 5 * 1024 ** 2 }];
    const one = { ...report, leftOut, leftOutTotal: { files: 1, bytes: 5 * 1024 ** 2 } };
    assert.equal(
      formatCollected('gpubox', one, 'o').at(-1),
      '  stays there: model.ckpt of task 3, 5.0 MiB, is excluded',
    );
    const many = { ...one, leftOutTotal: { files: 4000, bytes: 3 * 1024 ** 4 } };
    assert.equal(
      formatCollected('gpubox', many, 'o').at(-1),
      '  and 3999 more files stay there (3.0 TiB in all)',
    );
  });

  it('is shown while it comes', () => {
    const progress = { bytes: 1024 ** 2, totalBytes: 3 * 1024 ** 2, bytesPerSecond: 2048 };
    assert.equal(formatCollecting(progress), '1.0 MiB of 3.0 MiB, 2.0 KiB/s');
    assert.equal(formatCollecting({ bytes: 10, totalBytes: 5, bytesPerSecond: 0 }), '10 B of 10 B');
  });
});
