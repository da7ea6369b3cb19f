import assert from 'node:assert/strict';
import { HsmError } from '../../../../src/core/base/errors';
import { silentLogger } from '../../../../src/core/base/logger';
import type { HealthReport, Placement } from '../../../../src/core/compute/computeSource';
import { SweepEngine } from '../../../../src/core/engine/sweepEngine';
import { SweepSnapshot } from '../../../../src/core/engine/sweepState';
import type { SweepManifest } from '../../../../src/core/engine/sweepStore';
import { ManualClock } from '../../../support/manualClock';
import { MemorySweepStore } from '../../../support/memorySweepStore';
import { FarSide } from '../../../support/simulation/farSide';
import { Random } from '../../../support/simulation/random';
import { SimulatedSource } from '../../../support/simulation/simulatedSource';

const CHECK_MS = 60_000;

/** A source whose driver hangs: its health check fails after a minute. */
class AilingSource extends SimulatedSource {
  constructor(
    side: FarSide,
    private readonly time: ManualClock,
    private readonly failure: () => Error,
  ) {
    super(side, 2, time, new Random(1), { refused: 0, replyLost: 0 }, () => true);
  }

  override async healthCheck(): Promise<HealthReport> {
    await new Promise<void>((resolve) => this.time.after(CHECK_MS, resolve));
    throw this.failure();
  }
}

function startSweep(makeSource: (side: FarSide, clock: ManualClock) => SimulatedSource) {
  const clock = new ManualClock();
  const side = new FarSide('far', clock, { durationMs: () => 3_600_000, fails: () => false }, []);
  const snapshot = new SweepSnapshot({ total: 4, sources: ['far'], retries: 0, lost: 'rerun' });
  const manifest = { id: 'ailing', total: 4 } as SweepManifest;
  const engine = new SweepEngine({
    store: new MemorySweepStore({ manifest, sweepText: '', tasks: [], journal: [], requests: [] }),
    lock: { dispose: () => undefined },
    snapshot,
    sweepId: 'ailing',
    contextOf: () => ({ sweepId: 'ailing', projectDir: '/p', sweepDir: '/s', env: {}, setup: [] }),
    sources: [makeSource(side, clock)],
    specs: (tasks) =>
      Promise.resolve(
        tasks.map((ref) => ({ ...ref, name: `task_${ref.task}`, argv: ['true'], env: {}, paramsYaml: '' })),
      ),
    causeOf: () => Promise.resolve(undefined),
    clock,
    log: silentLogger,
    process: { pid: 1, host: 'here' },
  });
  return { clock, snapshot, engine };
}

describe('a source whose health checks come to no end', () => {
  it('is still asked for what the user wants', async () => {
    const hung = (side: FarSide, clock: ManualClock): SimulatedSource =>
      new AilingSource(side, clock, () => new Error('nvidia-smi does not answer'));
    const { clock, snapshot, engine } = startSweep(hung);
    void engine.runSweep();
    await clock.until(() => snapshot.tasks.count('running') === 2, 'two tasks run');
    await clock.advance(10 * CHECK_MS);
    await engine.ask({ verb: 'cancel' });
    await clock.advance(4 * CHECK_MS);
    assert.equal(snapshot.isOver, true);
    assert.equal(snapshot.tasks.count('cancelled'), 4);
    engine.dispose();
  });

  it('gets no more tasks for now', async () => {
    const hung = (side: FarSide, clock: ManualClock): SimulatedSource =>
      new AilingSource(side, clock, () => new Error('nvidia-smi does not answer'));
    const { clock, snapshot, engine } = startSweep(hung);
    void engine.runSweep();
    await clock.advance(6 * CHECK_MS);
    assert.equal(snapshot.standingOf('far'), 'out');
    assert.match(snapshot.distrusted.get('far')?.reason ?? '', /nvidia-smi does not answer/);
    engine.dispose();
  });

  it('is not blamed for a connection that was lost meanwhile', async () => {
    const lost = (side: FarSide, clock: ManualClock): SimulatedSource =>
      new AilingSource(side, clock, () => new HsmError('host.unreachable', 'gone', { host: 'far' }));
    const { clock, snapshot, engine } = startSweep(lost);
    void engine.runSweep();
    await clock.advance(10 * CHECK_MS);
    assert.equal(snapshot.standingOf('far'), 'in');
    engine.dispose();
  });
});

describe('a look at a source that nobody drives', () => {
  it('brings nothing to one where the sweep never was', async () => {
    const calls: string[] = [];
    class FreshSource extends SimulatedSource {
      attach(): Promise<Placement | undefined> {
        calls.push('attach');
        return Promise.resolve(undefined);
      }

      override setup(): Promise<Placement> {
        calls.push('setup');
        return Promise.reject(new Error('nothing is to be set up'));
      }
    }
    const { engine } = startSweep(
      (side, clock) =>
        new FreshSource(side, 2, clock, new Random(1), { refused: 0, replyLost: 0 }, () => true),
    );
    assert.deepEqual([...(await engine.observe()).values()], []);
    assert.deepEqual(calls, ['attach']);
    engine.dispose();
  });
});
