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

  it('have no number of slots before it is known', () => {
    const unseen = { name: 'gpubox', type: 'ssh', host: 'gpu01', active: 0 } as const;
    assert.match(formatSourceList([unseen])[1] ?? '', /^gpubox +ssh +gpu01 +- +0 +not tested$/);
    const health = { state: 'unhealthy', problems: [] } as const;
    assert.equal(formatSourceHealth({ ...unseen, health })[1], '  slots: not known yet, 0 in use');
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

  it('says by what a host is connected, and why', () => {
    const health = { state: 'healthy', problems: [], latencyMs: 3 } as const;
    const lineOf = (because?: string): string | undefined =>
      formatSourceHealth(
        { ...source, health },
        { kind: 'connected', transport: 'openssh', ...(because && { because }) },
      )[1];
    assert.equal(lineOf(), "  connected by the system's ssh");
    assert.equal(
      lineOf('It has a ProxyCommand.\u001b[2J'),
      "  connected by the system's ssh. It has a ProxyCommand.",
    );
  });

  it('have everything else that a test can tell', () => {
    const health = {
      state: 'healthy',
      problems: [],
      latencyMs: 3,
      disk: { freeBytes: 1024 ** 3, totalBytes: 1024 ** 4, freeInodes: 900 },
      memory: { freeBytes: 1024 ** 3, totalBytes: 8 * 1024 ** 3 },
      clockOffsetMs: -4_000,
      gpus: [
        { index: 0, name: 'A100', free: true },
        {
          ...{ index: 1, name: 'A100', free: false, users: ['ada: python (4711)'] },
          ...{ usedMiB: 38_200, totalMiB: 40_960, utilization: 97 },
        },
        { index: 2, name: 'A100', free: false, users: ['me: python (12)'] },
      ],
      tools: { rsync: '3.2.7\u001b[2J', git: '2.39' },
    } as const;
    const gpuUse = [{ gpu: 2, sweepId: 'lr_1', task: 7 }];
    assert.deepEqual(formatSourceHealth({ ...source, health, gpuUse }).slice(2), [
      '  disk:  1.0 GiB free of 1.0 TiB, room for 900 files',
      '  memory: 1.0 GiB free of 8.0 GiB',
      '  clock: 4.0 s behind',
      '  gpu 0: A100, free',
      '  gpu 1: A100, 37 GiB of 40 GiB, 97 % busy, in use by ada: python (4711)',
      '  gpu 2: A100, in use by task 7 of lr_1',
      '  tools: rsync 3.2.7, git 2.39',
    ]);
  });
});
