import assert from 'node:assert/strict';
import { describeSystem } from '../../../../src/core/analysis/describeSystem';
import { parseSystemInformation, sharedLook } from '../../../../src/core/analysis/systemInformation';

const TEXT = `== attempt 1
== host
gpu03 Linux 6.1.0-18-amd64 x86_64 1795331250
== disk
Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/sda1        103080888 91234567   6543210      94% /scratch with blank
tmpfs             24000000      340  23999660       1% /dev/shm
tmpfs             24000000      340  23999660       1% /dev/shm
== memory
MemTotal:       32780000 kB
MemAvailable:     524288 kB
SwapFree:              0 kB
== gpu
0, NVIDIA A100-SXM4-40GB, 39812, 40960
== processes
   4711 ada        31457280 99.5 python
    812 root           1024  0.0 kworker/0:1
== limits
open files 1024
processes unlimited
== environment
CONDA_DEFAULT_ENV=ml
WANDB_API_KEY=0123456789abcdef0123456789abcdef01234567
`;

describe('parseSystemInformation', () => {
  it('reads every section', () => {
    const system = parseSystemInformation(TEXT);
    assert.equal(system.host, 'gpu03');
    assert.equal(system.os, 'Linux 6.1.0-18-amd64 x86_64');
    assert.equal(system.takenAtMs, 1795331250000);
    assert.deepEqual(
      system.disks.map(({ mount, freeBytes }) => [mount, freeBytes]),
      [
        ['/scratch with blank', 6543210 * 1024],
        ['/dev/shm', 23999660 * 1024],
      ],
    );
    assert.deepEqual(system.memory, {
      totalBytes: 32780000 * 1024,
      availableBytes: 524288 * 1024,
      swapFreeBytes: 0,
    });
    assert.deepEqual(system.gpus, [
      { index: 0, name: 'NVIDIA A100-SXM4-40GB', usedMiB: 39812, totalMiB: 40960 },
    ]);
    assert.equal(system.processes.length, 2);
    assert.deepEqual(system.limits, { 'open files': '1024', processes: 'unlimited' });
    assert.equal(system.environment['CONDA_DEFAULT_ENV'], 'ml');
  });

  it('knows for which other task it was found, and keeps what is of this one', () => {
    const shared = '== attempt 2\n== shared\ntask_0030 400\nCUDA_VISIBLE_DEVICES=1\n';
    const others = '== environment\nCONDA_DEFAULT_ENV=ml\nCUDA_VISIBLE_DEVICES=0\n';
    const system = parseSystemInformation(shared + others);
    assert.deepEqual(system.shared, { task: 'task_0030', beforeMs: 400 });
    assert.deepEqual(system.environment, { CONDA_DEFAULT_ENV: 'ml', CUDA_VISIBLE_DEVICES: '1' });
    const without = parseSystemInformation(`== shared\ntask_0030 0\nCUDA_VISIBLE_DEVICES=\n${others}`);
    assert.deepEqual(without.environment, { CONDA_DEFAULT_ENV: 'ml' });
  });

  it('finds a shared look in the record of the attempt, and in no other', () => {
    const machine = {
      task: 'task_0030',
      beforeMs: 400,
      gpus: '',
      text: '== host\ngpu03 Linux 6.1 1795331250\n',
    };
    const records = `{"attempt":1,"exitCode":1}\n${JSON.stringify({ attempt: 2, machine })}\n{"attempt":3,"machine":{"ta`;
    const system = parseSystemInformation(sharedLook(records, 2) ?? '');
    assert.deepEqual([system.host, system.shared?.task], ['gpu03', 'task_0030']);
    for (const attempt of [1, 3, 4]) assert.equal(sharedLook(records, attempt), undefined);
  });

  it('keeps no secret that stood in the environment', () => {
    assert.doesNotMatch(JSON.stringify(parseSystemInformation(TEXT)), /0123456789abcdef/u);
  });

  it('passes over what it does not understand', () => {
    const nothing = { disks: [], gpus: [], processes: [], limits: {}, environment: {} };
    assert.deepEqual(parseSystemInformation(''), nothing);
    assert.deepEqual(
      parseSystemInformation('== gpu\nNVIDIA-SMI has failed\n== disk\ndf: error\n== nope\nx'),
      nothing,
    );
  });
});

describe('describeSystem', () => {
  for (const [beforeMs, expected] of [
    [400, 'as found 0.4 s earlier for task_0030'],
    [-10, 'as found 0.01 s later for task_0030'],
    [0, 'as found then for task_0030'],
  ] as const) {
    it(`says that it was found for another task: ${beforeMs} ms`, () => {
      const system = parseSystemInformation(`== shared\ntask_0030 ${beforeMs}\n`);
      assert.deepEqual(describeSystem(system), [expected]);
    });
  }

  it('tells it in lines for people', () => {
    const lines = describeSystem(parseSystemInformation(TEXT));
    assert.deepEqual(lines.slice(0, 3), [
      'host: gpu03, Linux 6.1.0-18-amd64 x86_64',
      'memory: 0.5 GiB of 31.3 GiB available, swap 0.0 GiB free',
      'disk /scratch with blank: 6.2 GiB of 98.3 GiB free',
    ]);
    assert.ok(lines.includes('process 4711 python of ada: 30.0 GiB, 99.5 % CPU'));
  });
});
