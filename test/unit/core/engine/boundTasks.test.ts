import assert from 'node:assert/strict';
import { silentLogger } from '../../../../src/core/base/logger';
import type { HealthReport } from '../../../../src/core/compute/computeSource';
import type { SweepRequest } from '../../../../src/core/engine/journalEvent';
import { SweepEngine } from '../../../../src/core/engine/sweepEngine';
import { SweepSnapshot } from '../../../../src/core/engine/sweepState';
import type { SweepManifest } from '../../../../src/core/engine/sweepStore';
import { ManualClock } from '../../../support/manualClock';
import { MemorySweepStore } from '../../../support/memorySweepStore';
import { FarSide } from '../../../support/simulation/farSide';
import { Random } from '../../../support/simulation/random';
import { SimulatedSource } from '../../../support/simulation/simulatedSource';

const NO_FAULTS = { refused: 0, replyLost: 0 };
const LATE = { name: 'late', type: 'local', config: {} } as const;
const ALL = Array.from({ length: 20 }, (_, index) => index + 1);
const ON_LATE: SweepRequest = {
  ...{ verb: 'rerun', tasks: ALL, change: { sources: ['late'] } },
  joining: [LATE],
};

class MoodySource extends SimulatedSource {
  isHealthy = true;

  override healthCheck(): Promise<HealthReport> {
    const state = this.isHealthy ? 'healthy' : 'unhealthy';
    return Promise.resolve({ state, problems: ['no room'], latencyMs: 1 });
  }
}

interface Wish {
  readonly launch?: readonly string[];
  readonly fails?: (source: string, attempt: number) => boolean;
  readonly canJoin?: boolean;
  readonly secondsPerTask?: number;
}

/** A sweep of 20 tasks, one at a time on each source. */
function startSweep({ launch = ['first'], fails, canJoin = true, secondsPerTask = 1 }: Wish = {}) {
  const clock = new ManualClock();
  const made = new Map<string, MoodySource>();
  const make = (name: string): MoodySource => {
    const nature = {
      durationMs: () => secondsPerTask * 1000,
      fails: (_: number, attempt: number) => fails?.(name, attempt) === true,
    };
    const side = new FarSide(name, clock, nature, []);
    const source = new MoodySource(side, 1, clock, new Random(1), NO_FAULTS, () => true);
    made.set(name, source);
    return source;
  };
  const snapshot = new SweepSnapshot({ total: ALL.length, sources: launch, retries: 0, lost: 'rerun' });
  const manifest = { id: 'bound', total: ALL.length } as SweepManifest;
  const engine = new SweepEngine({
    store: new MemorySweepStore({ manifest, sweepText: '', tasks: [], journal: [], requests: [] }),
    lock: { dispose: () => undefined },
    snapshot,
    sweepId: 'bound',
    contextOf: () => ({ sweepId: 'bound', projectDir: '/p', sweepDir: '/s', env: {}, setup: [] }),
    sources: launch.map(make),
    joinSource: (name) => {
      if (!canJoin) throw new Error(`no ${name} on this machine`);
      return make(name);
    },
    specs: (tasks) =>
      Promise.resolve(
        tasks.map((ref) => ({ ...ref, name: `task_${ref.task}`, argv: ['true'], env: {}, paramsYaml: '' })),
      ),
    causeOf: (task) => Promise.resolve(`cause ${task}`),
    clock,
    log: silentLogger,
    process: { pid: 1, host: 'here' },
  });
  void engine.runSweep();
  return { clock, engine, snapshot, made };
}

describe('a source that alone may run what it has', () => {
  it('is not taken out for failures, however many: nothing else could run them', async () => {
    const { clock, engine, snapshot } = startSweep({ fails: (source) => source === 'late' });
    await clock.until(() => snapshot.tasks.count('succeeded') === 15, 'tasks succeed where they began');
    const askedAt = clock.now();
    await engine.ask({ ...ON_LATE, tasks: ALL.slice(0, 12) });
    await clock.until(() => snapshot.tasks.count('failed') === 12, 'all fail on the other source');
    assert.equal(snapshot.standingOf('late'), 'in');
    assert.ok(clock.now() - askedAt < 40_000, `${clock.now() - askedAt} ms for 12 tasks of one second`);
    engine.dispose();
  });

  it('ends its trial with a success, also when it is the only source', async () => {
    const { clock, engine, snapshot, made } = startSweep({ secondsPerTask: 20 });
    const mood = made.get('first');
    assert.ok(mood);
    mood.isHealthy = false;
    await clock.until(() => snapshot.standingOf('first') === 'out', 'three checks failed');
    mood.isHealthy = true;
    await clock.until(() => snapshot.standingOf('first') === 'trial', 'a check passed');
    await clock.until(() => snapshot.standingOf('first') === 'in', 'a task succeeded');
    engine.dispose();
  });
});

describe('a source that joins and cannot be used here', () => {
  it('is told of, with what waits for it', async () => {
    const { clock, engine, snapshot } = startSweep({ canJoin: false });
    await clock.until(() => snapshot.tasks.count('succeeded') === 3, 'tasks ended');
    assert.deepEqual(engine.notes, []);
    await engine.ask(ON_LATE);
    assert.deepEqual(engine.notes, [
      '3 tasks start nowhere: they may only run on late, which cannot be used from here (no late on this machine).',
    ]);
    engine.dispose();
  });
});
