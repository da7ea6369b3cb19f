import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessComputeSource, type ProcessOptions } from '../../src/adapters/local/processComputeSource';
import type { AttemptRecord, SweepContext, TaskSpec } from '../../src/core/compute/computeSource';
import { untilRecorded } from '../contract/computeSourceContract';
import { endRunner, killIfThere } from '../support/runnerRig';
import { makeTempDir } from '../support/tempDir';
import { waitUntil } from '../support/waitUntil';

const signal = new AbortController().signal;

describe('ProcessComputeSource', () => {
  let dir: ReturnType<typeof makeTempDir>;
  let context: SweepContext;
  let open: ProcessComputeSource[] = [];

  beforeEach(() => {
    dir = makeTempDir();
    context = { sweepId: 's1', projectDir: dir.path, sweepDir: join(dir.path, 'sweep'), env: {}, setup: [] };
    mkdirSync(context.sweepDir);
  });

  afterEach(async () => {
    await Promise.all(open.map((source) => source.cleanup()));
    open = [];
    await endRunner(context);
    dir.dispose();
  });

  async function openSource(options: Partial<ProcessOptions> = {}): Promise<ProcessComputeSource> {
    const source = new ProcessComputeSource({ name: 'process', slots: 1, graceSec: 1, ...options });
    open.push(source);
    await source.setup(context, signal);
    return source;
  }

  it('calls a task lost that ended while nothing watched it, and then uses its slot', async () => {
    const first = await openSource();
    await first.submit('b1', [program(1, HANG), program(2, 'process.exit(0)')], signal);
    const [started] = await untilRecorded(first, (records) => records.length === 1);
    await first.cleanup();
    const second = await openSource();
    assert.deepEqual(kindsOf((await second.status(undefined, true, signal)).records), ['started']);
    killIfThere(started?.kind === 'started' ? started.pid : 0);
    await waitUntil('the task is lost', async () => {
      const { records } = await second.status(undefined, true, signal);
      return records.some(({ kind }) => kind === 'lost');
    });
    await untilRecorded(second, (records) =>
      records.some(({ kind, task }) => kind === 'ended' && task === 2),
    );
  });

  it('calls a task lost that was taken without a word on its start', async () => {
    const first = await openSource();
    await first.control({ slots: 1, paused: true }, signal);
    await first.submit('b1', [program(1, HANG)], signal);
    await first.cleanup();
    writeFileSync(join(context.sweepDir, 'runner', 'process', 'claim', '1.1'), '');
    const second = await openSource();
    assert.deepEqual(kindsOf((await second.status(undefined, false, signal)).records), ['lost']);
  });

  it('starts what was handed over before, once it is told to', async () => {
    const first = await openSource();
    await first.control({ slots: 1, paused: true }, signal);
    await first.submit('b1', [program(1, 'process.exit(4)')], signal);
    await first.cleanup();
    const second = await openSource();
    assert.equal((await second.status(undefined, false, signal)).runner, 'stopped');
    await second.control({ slots: 1, paused: false }, signal);
    await untilRecorded(second, (records) =>
      records.some((record) => record.kind === 'ended' && record.exitCode === 4),
    );
  });

  it('gives a task its surroundings, and keeps the output of earlier attempts', async () => {
    const line =
      'console.log(process.env.HSM_TASK, process.env.HSM_ATTEMPT, process.env.CUDA_VISIBLE_DEVICES, process.cwd())';
    const source = await openSource({ gpus: [[3]] });
    await source.submit('b1', [program(7, line)], signal);
    await untilRecorded(source, (records) => records.length === 2);
    await source.submit('b2', [{ ...program(7, line), attempt: 2 }], signal);
    await untilRecorded(source, (records) => records.length === 4);
    assert.equal(readTaskFile('stdout.attempt1.log'), `7 1 3 ${dir.path}\n`);
    assert.equal(readTaskFile('stdout.log'), `7 2 3 ${dir.path}\n`);
    assert.equal(readTaskFile('params.yaml'), 'a: 1\n');
    assert.equal(readTaskFile('attempts.jsonl').trimEnd().split('\n').length, 2);
  });

  it('ends a task that takes too long, though it does not want to', async () => {
    context = { ...context, timeoutSec: 0.3 };
    const source = await openSource();
    await source.submit('b1', [program(1, `process.on('SIGTERM', () => undefined); ${HANG}`)], signal);
    const records = await untilRecorded(source, (all) => all.length === 2);
    assert.deepEqual(
      records.map((record) => (record.kind === 'ended' ? record.endedBy : record.kind)),
      ['started', 'timeout'],
    );
  });

  it('keeps the limit that a task has for itself', async () => {
    context = { ...context, timeoutSec: 0.3 };
    const source = await openSource();
    const patient = program(1, `setTimeout(() => undefined, 900);`);
    await source.submit('b1', [{ ...patient, timeoutSec: null }, program(2, HANG)], signal);
    const records = await untilRecorded(source, (all) => all.length === 4);
    const ends = records.flatMap((record) =>
      record.kind === 'ended' ? [[record.task, record.endedBy]] : [],
    );
    assert.deepEqual(
      new Map(ends as [number, unknown][]),
      new Map([
        [1, undefined],
        [2, 'timeout'],
      ] as const),
    );
  });

  it('records a program that cannot be run', async () => {
    const source = await openSource();
    await source.submit(
      'b1',
      [
        { ...program(7, ''), argv: ['no-such-program'] },
        { ...program(8, ''), argv: ['a\0b'] },
      ],
      signal,
    );
    const records = await untilRecorded(source, (all) => all.length === 4);
    assert.deepEqual(
      records.flatMap((record) => (record.kind === 'ended' ? record.exitCode : [])),
      [127, 127],
    );
    assert.match(readTaskFile('stderr.log'), /no-such-program.*ENOENT/);
  });

  it('refuses setup lines, which need a shell', async () => {
    context = { ...context, setup: ['module load cuda'] };
    await assert.rejects(openSource(), {
      code: 'source.unavailable',
      message: /setup lines need a POSIX shell/,
    });
  });

  function readTaskFile(name: string): string {
    return readFileSync(join(context.sweepDir, 'tasks', 'task_7', name), 'utf8');
  }
});

const HANG = 'setInterval(() => undefined, 1000)';

function program(task: number, line: string): TaskSpec {
  const argv = [process.execPath, '-e', line];
  return { task, attempt: 1, name: `task_${task}`, argv, env: {}, paramsYaml: 'a: 1\n' };
}

function kindsOf(records: readonly AttemptRecord[]): string[] {
  return records.map(({ kind }) => kind);
}
