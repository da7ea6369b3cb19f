import assert from 'node:assert/strict';
import { formatSourceHealth, formatSourceList } from '../../../../src/cli/text/sourceText';

const source = { name: 'local', type: 'local', slots: 2, active: 1 } as const;

describe('compute sources as the command line tells them', () => {
  it('are a line each', () => {
    assert.deepEqual(formatSourceList([source, { ...source, name: 'gpubox', type: 'ssh', host: 'gpu01' }]), [
      'SOURCE  TYPE   HOST          SLOTS  ACTIVE  STATE',
      'local   local  this machine      2       1  not tested',
      'gpubox  ssh    gpu01             2       1  not tested',
    ]);
  });

  it('have what a test found, and what is wrong', () => {
    const health = {
      state: 'degraded',
      problems: ['The disk is nearly full: make room under /data.'],
      latencyMs: 12.6,
      disk: { freeBytes: 3 * 1024 ** 3, totalBytes: 1024 ** 4 },
      gpus: [{ index: 0, name: 'H100', free: false }],
      load: { oneMinute: 1.25, cores: 8 },
    } as const;
    assert.deepEqual(formatSourceHealth({ ...source, health }), [
      'local: degraded, answered in 13 ms',
      '  slots: 2, 1 in use',
      '  disk:  3.0 GiB free of 1.0 TiB',
      '  load:  1.3 on 8 cores',
      '  gpu 0: H100, in use',
      '  The disk is nearly full: make room under /data.',
    ]);
  });
});
