import { strict as assert } from 'node:assert';
import { askHost, parseFacts, type TimedHost } from '../../../../src/adapters/remote/hostFacts';
import { judgeHost } from '../../../../src/adapters/remote/remoteHealth';
import { resolveSshSource } from '../../../../src/adapters/remote/resolveSshSource';
import { LocalHost } from '../../../../src/adapters/host/localHost';
import type { CommandResult } from '../../../../src/core/compute/host';
import { HsmError } from '../../../../src/core/base/errors';
import type { SshSourceConfig } from '../../../../src/core/project/sourceConfig';

const TOOLS = 'awk cat date grep head ln ls mkdir mv rm sleep sort tail wc setsid nohup rsync tar nvidia-smi';
const FACTS = `var HOME /home/ada
host gpubox
system Linux
time 1795331243120000000
cores 16
load 1.50
memory 1000 4000
disk 50000000 100000000
inodes 900000 1000000
${TOOLS.split(' ')
  .map((tool) => `tool ${tool} /usr/bin/${tool}`)
  .join('\n')}
version rsync rsync  version 3.2.7  protocol version 31
gpu 0, NVIDIA A100, 12, 40960, 0
gpu 1, NVIDIA A100, 38200, 40960, 97
gpu 2, NVIDIA A100, 300, 40960, 0
uuid 0, GPU-aa
uuid 1, GPU-bb
uuid 2, GPU-cc
app GPU-bb 4711 bob /opt/conda/bin/python3
app GPU-cc 4712 eve jupyter
end
`;

function hostWith(text: string, root = '/home/ada/.hsm'): TimedHost {
  return { facts: parseFacts(text), root, latencyMs: 20, clockOffsetMs: 0 };
}

describe('What a host tells of itself', () => {
  it('is read, with who works on which GPU', () => {
    const facts = parseFacts(FACTS);
    assert.equal(facts.timeMs, 1795331243120);
    assert.equal(facts.variables.get('HOME'), '/home/ada');
    assert.deepEqual(facts.disk, { freeBytes: 50000000 * 1024, totalBytes: 100000000 * 1024 });
    assert.deepEqual(
      facts.gpus.map(({ free, users }) => [free, users]),
      [
        [true, []],
        [false, ['bob: python3 (4711)']],
        [false, ['eve: jupyter (4712)']],
      ],
    );
  });

  it('is what nvidia-smi says where it shows no GPU', () => {
    const blind = (words: string): string | undefined =>
      parseFacts(FACTS.replace(/(gpu|uuid|app) .*\n/g, '').replace('end\n', `${words}end\n`)).gpuTrouble;
    assert.equal(blind(''), 'nvidia-smi there shows none.');
    assert.equal(
      blind('gpu Failed to initialize NVML: x\n'),
      'nvidia-smi there says: Failed to initialize NVML: x.',
    );
    assert.equal(parseFacts(FACTS).gpuTrouble, undefined);
  });

  it('may come from a clock without nanoseconds, and be little', () => {
    const facts = parseFacts('time 1795331243N\ncores \nend\n');
    assert.equal(facts.timeMs, 1795331243000);
    assert.equal(facts.cores, 1);
    assert.deepEqual(facts.gpus, []);
    assert.equal(facts.disk, undefined);
  });
});

describe('The health of a host', () => {
  function checkHealth(text: string, state: string, problem?: RegExp): void {
    const report = judgeHost(hostWith(text), { gpus: [0] });
    assert.equal(report.state, state, report.problems.join(' '));
    if (problem) assert.match(report.problems.join(' '), problem);
    else assert.deepEqual(report.problems, []);
  }

  it('is good when nothing is amiss, also without rsync', () => {
    checkHealth(FACTS, 'healthy');
    checkHealth(FACTS.replace(/tool rsync.*\n/, ''), 'healthy');
  });

  it('is doubtful when disk, files or GPUs are short', () => {
    checkHealth(FACTS.replace('disk 50000000', 'disk 4000000'), 'degraded', /Only 3.8 GiB are free/);
    checkHealth(FACTS.replace('inodes 900000', 'inodes 9000'), 'degraded', /9000 more files/);
    checkHealth(FACTS.replace(/gpu 0.*\n/, ''), 'degraded', /GPU 0 is configured/);
    checkHealth(FACTS.replace(/tool setsid.*\n/, ''), 'degraded', /setsid is missing/);
  });

  it('is bad when tasks could not run or write', () => {
    checkHealth(FACTS.replace('disk 50000000', 'disk 100000'), 'unhealthy', /Only 97 MiB are free/);
    checkHealth(FACTS.replace('inodes 900000', 'inodes 9'), 'unhealthy', /9 more files/);
    checkHealth(FACTS.replace(/tool awk.*\n/, ''), 'unhealthy', /awk is missing/);
    checkHealth(FACTS.replace(/tool (setsid|nohup).*\n/g, ''), 'unhealthy', /Neither setsid nor nohup/);
    checkHealth(`readonly /data\n${FACTS}`, 'unhealthy', /may not write in \/data/);
  });

  it('tells how bad each flaw is, with what to do about it', () => {
    const text = FACTS.replace('disk 50000000', 'disk 100000').replace(/tool setsid.*\n/, '');
    const { findings = [] } = judgeHost(hostWith(text), { gpus: [0] });
    assert.deepEqual(
      findings.map(({ severity }) => severity),
      ['error', 'warning'],
    );
    assert.ok(findings.every(({ fix }) => fix !== undefined));
  });

  it('tells a clock that is off', () => {
    const report = judgeHost({ ...hostWith(FACTS), clockOffsetMs: -600_000 }, { gpus: [] });
    assert.match(report.problems[0] ?? '', /10 minutes behind/);
  });
});

describe('What a source leaves to its host', () => {
  class TellingHost extends LocalHost {
    constructor(private readonly text: string) {
      super();
    }

    override run(): Promise<CommandResult> {
      return Promise.resolve({ stdout: this.text, stderr: '', exitCode: 0 });
    }
  }

  async function resolve(fields: Partial<SshSourceConfig>, text = FACTS): Promise<SshSourceConfig> {
    const config = {
      type: 'ssh',
      host: 'box',
      root: '~/.hsm',
      code: 'snapshot',
      env: {},
      setup: [],
      ...fields,
    } as const;
    return resolveSshSource('box', config, (paths) =>
      askHost(new TellingHost(text), 'box', paths, new AbortController().signal),
    );
  }

  it('is its path, and a slot for each GPU that nobody works on', async () => {
    const { root, gpus, gpusPerTask, slots } = await resolve({});
    assert.deepEqual(
      { root, gpus, gpusPerTask, slots },
      { root: '/home/ada/.hsm', gpus: [0], gpusPerTask: 1, slots: 1 },
    );
  });

  it('are GPUs that were named, whoever works on them', async () => {
    const { gpus, slots, missingGpus } = await resolve({ gpus: [1, 2, 7] });
    assert.deepEqual({ gpus, slots, missingGpus }, { gpus: [1, 2], slots: 2, missingGpus: [7] });
    await assert.rejects(resolve({ gpus: [7, 8] }), /`gpus` names 7, 8, but nvidia-smi shows only 0, 1, 2/);
  });

  it('is a slot for each core where there is no GPU, or none is wanted', async () => {
    assert.equal((await resolve({ gpusPerTask: 0 })).slots, 16);
    assert.equal((await resolve({ gpus: [] })).slots, 16);
    assert.equal((await resolve({}, FACTS.replace(/(gpu|uuid|app|tool nvidia).*\n/g, ''))).slots, 16);
    assert.equal((await resolve({ gpus: [], slots: 3 })).slots, 3);
  });

  it('is never the CPU for tasks that could have a GPU', async () => {
    const busy = FACTS.replace('gpu 0, NVIDIA A100, 12', 'gpu 0, NVIDIA A100, 30000');
    await assert.rejects(resolve({}, busy), /no GPU is free to use/);
    await assert.rejects(resolve({ gpusPerTask: 2 }), /only 1 may be used/);
    const none = FACTS.replace(/(gpu|uuid|app|tool nvidia).*\n/g, '');
    const refused: unknown = await resolve({ gpusPerTask: 1 }, none).catch((error: unknown) => error);
    assert.ok(HsmError.is(refused, 'source.unavailable'));
    assert.match(refused.message, /needs 1 GPU, but no GPU was found\./);
    assert.match(refused.details.hint ?? '', /^nvidia-smi, which tells of them, is not in the PATH/);
  });

  it('is never the CPU because nvidia-smi is broken', async () => {
    const broken = FACTS.replace(/(gpu|uuid|app) .*\n/g, '').replace(
      'end\n',
      'gpu Failed to initialize NVML: Driver/library version mismatch\nend\n',
    );
    const words = /cannot be used. nvidia-smi there says: .*version mismatch\. Tasks are not run without\./;
    for (const fields of [{}, { gpus: [0] }, { gpus: 2 }, { gpusPerTask: 1 }])
      await assert.rejects(resolve(fields, broken), words);
    for (const fields of [{ gpus: [] }, { gpus: 0 }, { gpusPerTask: 0 }])
      assert.equal((await resolve(fields, broken)).slots, 16);
    const report = judgeHost(hostWith(broken), { gpus: [0] });
    assert.equal(report.state, 'unhealthy');
    assert.match(report.problems.join(' '), /version mismatch/);
    assert.equal(judgeHost(hostWith(broken), { gpus: [] }).state, 'healthy');
  });

  it('is no GPU that does not tell whether it is in use, unless it is named', async () => {
    const mig = FACTS.replace(/(uuid|app) .*\n/g, '').replace(/, \d+\n(?=gpu|end)/g, ', [N/A]\n');
    const refused: unknown = await resolve({}, mig).catch((error: unknown) => error);
    assert.ok(HsmError.is(refused, 'source.unavailable'));
    assert.match(refused.details.hint ?? '', /GPU 0 does not tell whether it is in use/);
    assert.deepEqual((await resolve({ gpus: [0, 1] }, mig)).gpus, [0, 1]);
  });
});
