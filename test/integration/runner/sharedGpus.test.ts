import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DirectSource } from '../../../src/adapters/direct/directSource';
import { LocalHost } from '../../../src/adapters/host/localHost';
import type { AttemptRecord, SourceControl } from '../../../src/core/compute/computeSource';
import { killAll, shellTask, useRigs, WAIT, type RunnerRig } from '../../support/runnerRig';
import { waitUntil } from '../../support/waitUntil';

const signal = new AbortController().signal;

describe('GPUs that two sweeps of a source share', function () {
  this.timeout(60_000);
  const openRig = useRigs();

  it('go to one task at a time, and to the other sweep when the first has no more work', async () => {
    const rig = openRig();
    const [first, second] = [await open(rig, 'first', [[0]]), await open(rig, 'second', [[0], [1]])];
    await first.source.submit('b1', [shellTask(1, WAIT), shellTask(2, WAIT)], signal);
    await until(first, 'started', 1);
    await second.source.submit('b1', [shellTask(1, WAIT), shellTask(2, WAIT)], signal);
    // Its lane for GPU 1 runs; the one for GPU 0 waits.
    await waitUntil(
      'a task of the second sweep runs',
      async () => starts(await recordsOf(second)).length === 1,
    );
    await waitUntil('both its lanes are there', () => rig.runners(second.runDir).length === 3);
    assert.deepEqual(starts(await recordsOf(second)), [2]);
    rig.letGo();
    await until(first, 'ended', 2);
    await Promise.all([until(second, 'ended', 1), until(second, 'ended', 2)]);
  });

  it('stay with a task whose lane and runner were killed, until it ends', async () => {
    const rig = openRig();
    const [first, second] = [await open(rig, 'first', [[0]]), await open(rig, 'second', [[0]])];
    await first.source.submit('b1', [shellTask(1, WAIT)], signal);
    await until(first, 'started', 1);
    killAll(rig.runners(first.runDir));
    await second.source.submit('b1', [shellTask(1, 'true')], signal);
    await waitUntil('the second sweep has a lane', () => rig.runners(second.runDir).length > 1);
    assert.deepEqual(await recordsOf(second), []);
    rig.letGo();
    await until(second, 'ended', 1);
    const ended = (await recordsOf(first)).find(({ kind }) => kind === 'ended');
    const started = (await recordsOf(second)).find(({ kind }) => kind === 'started');
    assert.ok(ended && started && started.atMs >= ended.atMs);
  });

  it('are not waited for by a sweep that is paused', async () => {
    const rig = openRig();
    const [first, second] = [await open(rig, 'first', [[0]]), await open(rig, 'second', [[0]])];
    await first.source.submit('b1', [shellTask(1, WAIT)], signal);
    await until(first, 'started', 1);
    await second.source.submit('b1', [shellTask(1, 'true')], signal);
    await waitUntil('it says what it waits for', async () => {
      const { trouble } = await second.source.status(undefined, false, signal);
      return trouble?.includes('GPU 0 is used by another sweep');
    });
    const paused: SourceControl = { slots: 1, paused: true };
    await second.source.control(paused, signal);
    await waitUntil('nothing of it is at work', async () => {
      return (await second.source.status(undefined, true, signal)).runner === 'stopped';
    });
  });
});

interface Sweep {
  readonly source: DirectSource;
  readonly runDir: string;
}

async function open(rig: RunnerRig, name: string, gpus: readonly (readonly number[])[]): Promise<Sweep> {
  const { sweepDir } = rig.context;
  const runDir = join(sweepDir, name, 'run');
  mkdirSync(runDir, { recursive: true });
  const options = {
    name,
    type: 'ssh',
    slots: gpus.length,
    host: new LocalHost(),
    gpus,
    tickSec: 1,
    graceSec: 1,
  } as const;
  const source = new DirectSource(options, (context) => ({
    projectDir: context.projectDir,
    tasksDir: join(sweepDir, name, 'tasks'),
    runDir,
    sharedDir: join(sweepDir, 'the gpus'),
  }));
  await source.setup(rig.context, signal);
  return { source, runDir };
}

async function recordsOf({ source }: Sweep): Promise<readonly AttemptRecord[]> {
  return (await source.status(undefined, false, signal)).records;
}

function until<K extends AttemptRecord['kind']>(
  sweep: Sweep,
  kind: K,
  task: number,
): Promise<AttemptRecord & { kind: K }> {
  return waitUntil(`task ${task} is ${kind}`, async () =>
    (await recordsOf(sweep)).find(
      (record): record is AttemptRecord & { kind: K } => record.kind === kind && record.task === task,
    ),
  );
}

/** The slots of what started. */
function starts(records: readonly AttemptRecord[]): number[] {
  return records.flatMap((record) => (record.kind === 'started' ? record.slot : []));
}
