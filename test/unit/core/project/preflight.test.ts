import assert from 'node:assert/strict';
import { join } from 'node:path/posix';
import { HsmError } from '../../../../src/core/base/errors';
import type { HealthReport } from '../../../../src/core/compute/computeSource';
import type { Preflight, PreviewTask } from '../../../../src/core/facade';
import { missingFrom, possiblePaths } from '../../../../src/core/project/neededFiles';
import { preflight, type PreflightParts } from '../../../../src/core/project/preflight';
import {
  completeSource,
  type SourceConfig,
  type SourceFields,
} from '../../../../src/core/project/sourceConfig';
import { FakeHosts } from '../../../support/fakeHosts';

const { signal } = new AbortController();

function task(...argv: readonly string[]): PreviewTask {
  return { number: 1, name: 'task_1', parameters: {}, arguments: [], argv };
}

function configOf(fields: SourceFields): SourceConfig {
  const config = completeSource(fields);
  assert.ok(typeof config === 'object');
  return config;
}

interface Situation {
  readonly source?: SourceFields;
  readonly health?: Partial<HealthReport>;
  readonly connect?: Error;
  /** Of the project. */
  readonly here?: readonly string[];
  readonly copied?: readonly string[];
  readonly difference?: string;
}

/** What is found, as `severity subject: text`. */
async function found(situation: Situation): Promise<string[]> {
  const { findings } = await look(situation);
  return findings.map(({ severity, subject, text, fix }) => {
    const advice = subject === 'health' && fix !== undefined ? ` [${fix}]` : '';
    return `${severity} ${subject}: ${text}${advice}`;
  });
}

async function look({
  source = { type: 'ssh', host: 'gpu01' },
  health = {},
  connect,
  here = ['train.py', 'data/a.csv'],
  copied = here,
  difference,
}: Situation): Promise<Preflight> {
  const hosts = new FakeHosts();
  if (connect) hosts.connect = () => Promise.reject(connect);
  const parts = {
    ports: {
      hosts,
      projectDir: '/p',
      path: { join },
      files: { exists: (path: string) => Promise.resolve(here.some((each) => `/p/${each}` === path)) },
      codeFiles: () => Promise.resolve(copied),
    },
    sources: new Map([
      ['gpubox', configOf(source)],
      ['here', configOf({ type: 'local' })],
    ]),
    tasks: () => [task('python3', 'train.py', 'lr=1', './data/a.csv', '/abs/x')],
    script: 'train.py',
    exclude: [],
    test: () => Promise.resolve({ state: 'healthy', problems: [], latencyMs: 1, ...health }),
    compare: () => Promise.resolve(difference && { text: difference, canPush: true }),
  };
  return preflight(parts as unknown as PreflightParts, signal);
}

describe('what is looked at before a start', () => {
  it('is nothing to speak of when all is well', async () => {
    assert.deepEqual(await found({}), []);
  });

  it('is nothing of this machine', async () => {
    const health = { state: 'unhealthy', problems: ['The disk is full.'] } as const;
    assert.deepEqual(await found({ source: { type: 'local' }, health, copied: [] }), []);
  });

  it('is first whether the host can be reached at all', async () => {
    const connect = new HsmError('host.refused', 'gpu01 knows no key of yours.', { host: 'gpu01' });
    assert.deepEqual(await found({ connect, copied: [] }), [
      'error connection: gpu01 knows no key of yours.',
    ]);
  });

  it('leaves the sources that can be used, and says what to do about the others', async () => {
    const connect = new HsmError('host.unreachable', 'gpu01 does not answer.', { host: 'gpu01' });
    const { findings, usable } = await look({ connect });
    assert.match(findings[0]?.fix ?? '', /ssh gpu01/);
    assert.deepEqual(usable, ['here']);
    assert.deepEqual((await look({ copied: [] })).usable, ['here'], 'the script is not there');
    const outOfStep = {
      source: { type: 'ssh', host: 'gpu01', checkout: '~/p' },
      difference: 'behind',
    } as const;
    assert.deepEqual((await look(outOfStep)).usable, ['gpubox', 'here'], 'that is for the user to decide');
  });

  it('does not take a defect for a host that cannot be reached', async () => {
    await assert.rejects(found({ connect: new TypeError('x is undefined') }), TypeError);
  });

  it('is what the source says of itself', async () => {
    const problems = ['Only 1 MiB is free.'];
    assert.deepEqual(await found({ health: { state: 'degraded', problems } }), [
      'warning health: Only 1 MiB is free.',
    ]);
    assert.deepEqual(await found({ health: { state: 'unhealthy', problems } }), [
      'error health: Only 1 MiB is free.',
    ]);
  });

  it('is each thing as bad as it is, with what to do about it', async () => {
    const findings = [
      { severity: 'error', text: 'The disk is full.', fix: 'Make room.' },
      { severity: 'warning', text: 'The clock is off.', fix: 'Set it.' },
    ] as const;
    const problems = ['The disk is full. Make room.', 'The clock is off. Set it.'];
    assert.deepEqual(await found({ health: { state: 'unhealthy', problems, findings } }), [
      'error health: The disk is full. [Make room.]',
      'warning health: The clock is off. [Set it.]',
    ]);
  });

  it('is whether the files that tasks name go along, the script above all', async () => {
    assert.deepEqual(
      await found({ copied: ['other.py'], health: { state: 'degraded', problems: ['Slow.'] } }),
      [
        'error files: train.py is here, and tasks name it, but it is not copied to gpubox.',
        'warning health: Slow.',
        'warning files: data/a.csv is here, and tasks name it, but it is not copied to gpubox.',
      ],
    );
  });

  it('is how the user’s own copy stands where tasks run that', async () => {
    const source = { type: 'ssh', host: 'gpu01', checkout: '~/p', code: 'checkout' } as const;
    assert.deepEqual(await found({ source, copied: [] }), []);
    assert.deepEqual(await found({ source, difference: '3 files differ.' }), ['error code: 3 files differ.']);
  });
});

describe('the files that tasks may need', () => {
  it('are words and values that lead into the project', () => {
    const first = task(
      'python3',
      './a/b.py',
      '--data',
      'x/../y',
      '../up',
      '/abs',
      '~/home',
      'C:\\x',
      'd//e/',
    );
    const second = { ...task('python3'), parameters: { data: 'sets/one.csv', lr: 0.1 } };
    assert.deepEqual(possiblePaths([first, second]), ['python3', 'a/b.py', 'd/e', 'sets/one.csv']);
  });

  it('are looked for in the first tasks alone', () => {
    let made = 0;
    function* endless(): Generator<PreviewTask> {
      for (;;) yield task(`file${made++}`);
    }
    assert.equal(possiblePaths(endless()).length, 50);
    assert.equal(made, 50);
  });

  it('are missing when neither a file nor a folder of the copy', () => {
    assert.deepEqual(missingFrom(['a/b/c.py', 'd.py'], ['a', 'a/b', 'a/b/c.py', 'd.py', 'a/x', 'b', 'e']), [
      'a/x',
      'b',
      'e',
    ]);
  });
});
