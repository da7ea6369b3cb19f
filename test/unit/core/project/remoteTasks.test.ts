import assert from 'node:assert/strict';
import { join } from 'node:path/posix';
import { HsmError } from '../../../../src/core/base/errors';
import type { AttemptRecord } from '../../../../src/core/compute/computeSource';
import type { FilePiece } from '../../../../src/core/compute/host';
import { SweepSnapshot } from '../../../../src/core/engine/sweepState';
import { gpuUse } from '../../../../src/core/project/gpuUse';
import type { ProjectPorts } from '../../../../src/core/project/projectPorts';
import { RemoteTasks } from '../../../../src/core/project/remoteTasks';
import type { SweepSession } from '../../../../src/core/project/sweepSession';

interface Situation {
  /** What is in the copies of the logs here. */
  readonly copy?: string;
  readonly state?: 'queued' | 'running' | 'succeeded';
  /** This process drives, and has set the source up. */
  readonly driven?: boolean;
  readonly type?: 'ssh' | 'local';
  readonly setupFails?: boolean;
  /** What the source throws instead of the file. */
  readonly failure?: Error;
  /** Default: nothing is home. */
  readonly isHome?: boolean;
}

const WHOLE = { offset: 0, limit: 100 };
const { signal } = new AbortController();

/** A sweep of two tasks on the source `far`; the first is in `state`, the other waits. */
function setUp({
  copy = '',
  state = 'running',
  driven = false,
  type = 'ssh',
  setupFails,
  failure,
  isHome = false,
}: Situation = {}): {
  remote: RemoteTasks;
  session: SweepSession;
  calls: string[];
} {
  const calls: string[] = [];
  const placement = { projectDir: '/there', tasksDir: '/there/tasks' };
  const source = {
    name: 'far',
    setup: () => {
      calls.push('setup');
      return setupFails ? Promise.reject(new Error('no way there')) : Promise.resolve(placement);
    },
    readTaskFile: (task: string, file: string) => {
      calls.push(`read ${task}/${file}`);
      return failure ? Promise.reject(failure) : Promise.resolve(piece('from there'));
    },
    cleanup: () => Promise.resolve(void calls.push('cleanup')),
  };
  const session = {
    id: 'lr_1',
    store: { dir: '/out/lr_1' },
    state: stateOf(state),
    sweep: { run: {} },
    sources: [{ name: 'far', type, config: { type, host: 'gpu01', gpus: [2, 3] } }],
    manifest: { code: {} },
    driving: driven ? { readySource: () => ({ source, placement }) } : undefined,
  } as unknown as SweepSession;
  const ports = {
    projectDir: '/p',
    path: { join },
    files: { readRange: (path: string) => Promise.resolve(piece(copy && `${copy} ${path}`)) },
    createSource: () => source,
  } as unknown as ProjectPorts;
  return { remote: new RemoteTasks(session, ports, () => isHome), session, calls };
}

function stateOf(state: 'queued' | 'running' | 'succeeded'): SweepSnapshot {
  const snapshot = new SweepSnapshot({ total: 2, sources: ['far'], retries: 0, lost: 'rerun' });
  const records: AttemptRecord[] = [
    { kind: 'started', task: 1, attempt: 1, slot: 2, pid: 9, atMs: 1000 },
    { kind: 'ended', task: 1, attempt: 1, exitCode: 0, atMs: 2000 },
  ];
  const count = { queued: 0, running: 1, succeeded: 2 }[state];
  snapshot.apply({ kind: 'submitting', at: 0, source: 'far', token: 't', tasks: [[1, 1, 1]] });
  snapshot.apply({ kind: 'observed', at: 0, source: 'far', cursor: '', records: records.slice(0, count) });
  return snapshot;
}

function piece(text: string): FilePiece {
  return { text, next: text.length, end: text.length };
}

async function checkRead(
  situation: Situation,
  task: number,
  text: string,
  ...calls: string[]
): Promise<void> {
  const set = setUp(situation);
  assert.equal((await set.remote.readLog(task, 'stderr', WHOLE, signal)).text, text);
  assert.deepEqual(set.calls, calls);
}

describe('the log of a task on another machine', () => {
  const away = 'read task_0001/stderr.log';

  it('comes from there while the task runs, though a part of it is here', async () => {
    await checkRead({ copy: 'old' }, 1, 'from there', 'setup', away);
  });

  it('needs no second preparation where this process drives', async () => {
    await checkRead({ driven: true }, 1, 'from there', away);
  });

  it('is the copy here when the task is home', async () => {
    const situation = { state: 'succeeded', copy: 'here', isHome: true } as const;
    await checkRead(situation, 1, 'here /out/lr_1/tasks/task_0001/stderr.log');
  });

  it('comes from there when the task is over and only a part of it is here', async () => {
    await checkRead({ state: 'succeeded', copy: 'cut' }, 1, 'from there', 'setup', away);
  });

  it('is what is here, with the reason, when the task is over and its source cannot be asked', async () => {
    const failure = new HsmError('host.unreachable', 'no way there', { host: 'gpu01' });
    const { remote } = setUp({ state: 'succeeded', copy: 'cut', failure });
    const piece = await remote.readLog(1, 'stderr', WHOLE, signal);
    assert.match(piece.text, /^cut/);
    assert.equal(piece.note, 'no way there');
    // Who has read more of it would print it twice.
    await assert.rejects(remote.readLog(1, 'stderr', { offset: 999, limit: 100 }, signal), failure);
    await assert.rejects(
      setUp({ state: 'succeeded', failure }).remote.readLog(1, 'stderr', WHOLE, signal),
      failure,
    );
    await assert.rejects(setUp({ copy: 'cut', failure }).remote.readLog(1, 'stderr', WHOLE, signal), failure);
  });

  it('is that of the attempt before, with the reason, while the task waits for its retry', async () => {
    const failure = new HsmError('host.unreachable', 'no way there', { host: 'gpu01' });
    const { remote } = setUp({ state: 'queued', copy: 'before', failure });
    const piece = await remote.readLog(1, 'stderr', WHOLE, signal);
    assert.match(piece.text, /^before/);
    assert.equal(piece.note, 'no way there');
  });

  it('comes from there when the task is over and nothing of it is here yet', async () => {
    await checkRead({ state: 'succeeded' }, 1, 'from there', 'setup', away);
  });

  it('is known to be all here only of a task that is over and home', () => {
    const areHere = (situation: Situation): boolean => setUp(situation).remote.areLogsHere(1);
    assert.equal(areHere({ state: 'succeeded', isHome: true }), true);
    assert.equal(areHere({ state: 'succeeded' }), false);
    assert.equal(areHere({ state: 'running', isHome: true }), false);
    assert.equal(areHere({ state: 'running', type: 'local' }), true);
  });

  it('is not asked for of a task that was never handed over', async () => {
    await checkRead({}, 2, '');
  });

  it('of a source on this machine is the file itself', async () => {
    await checkRead({ type: 'local', copy: 'here' }, 1, 'here /out/lr_1/tasks/task_0001/stderr.log');
  });

  it('is read over one preparation, however often', async () => {
    const { remote, calls } = setUp();
    for (let i = 0; i < 3; i++) await remote.readLog(1, 'stderr', WHOLE, signal);
    await remote.close();
    assert.deepEqual(calls, ['setup', away, away, away, 'cleanup']);
  });

  it('prepares anew after the preparation has failed', async () => {
    const { remote, calls } = setUp({ setupFails: true });
    for (let i = 0; i < 2; i++)
      await assert.rejects(remote.readLog(1, 'stderr', WHOLE, signal), /no way there/);
    assert.deepEqual(calls, ['setup', 'cleanup', 'setup', 'cleanup']);
  });
});

describe('the place of a task', () => {
  it('is its directory on the host of its source', async () => {
    assert.deepEqual(await setUp().remote.placeOf(1), { host: 'gpu01', dir: '/there/tasks/task_0001' });
  });

  it('is not elsewhere for a task that has none, or one of this machine', async () => {
    assert.equal(await setUp().remote.placeOf(2), undefined);
    assert.equal(await setUp({ type: 'local' }).remote.placeOf(1), undefined);
  });
});

describe('the use of graphics cards', () => {
  it('names the tasks that run on each', () => {
    assert.deepEqual(gpuUse(setUp().session, 'far'), [{ gpu: 3, sweepId: 'lr_1', task: 1 }]);
  });

  it('is none of a task that does not run, or of another source', () => {
    assert.deepEqual(gpuUse(setUp({ state: 'queued' }).session, 'far'), []);
    assert.deepEqual(gpuUse(setUp({ state: 'succeeded' }).session, 'far'), []);
    assert.deepEqual(gpuUse(setUp().session, 'near'), []);
  });
});
