import assert from 'node:assert/strict';
import { silentLogger } from '../../../../src/core/base/logger';
import { SweepEngine } from '../../../../src/core/engine/sweepEngine';
import { SweepSnapshot } from '../../../../src/core/engine/sweepState';
import type { SweepManifest } from '../../../../src/core/engine/sweepStore';
import { ManualClock } from '../../../support/manualClock';
import { MemorySweepStore } from '../../../support/memorySweepStore';
import { FarSide, type Execution } from '../../../support/simulation/farSide';
import { Random } from '../../../support/simulation/random';
import { SimulatedSource } from '../../../support/simulation/simulatedSource';

const NO_FAULTS = { refused: 0, replyLost: 0 };

/** A sweep of 40 tasks of one second on two sources with two slots each; `isBad` says where a task fails, and of what. */
function startSweep(
  isBad: (source: string, nowMs: number) => boolean,
  cause: (task: number) => string,
  fetchEvidence: () => Promise<void> = () => Promise.resolve(),
) {
  const clock = new ManualClock();
  const startMs = clock.now();
  const ledger: Execution[] = [];
  const sources = ['good', 'bad'].map((name) => {
    const nature = { durationMs: () => 1000, fails: () => isBad(name, clock.now() - startMs) };
    return new FarSide(name, clock, nature, ledger);
  });
  const policy = { total: 40, sources: ['good', 'bad'], retries: 0, lost: 'rerun' } as const;
  const manifest = { id: 'failsafe', total: 40 } as SweepManifest;
  const snapshot = new SweepSnapshot(policy);
  const engine = new SweepEngine({
    store: new MemorySweepStore({ manifest, sweepText: '', tasks: [], journal: [], requests: [] }),
    lock: { dispose: () => undefined },
    snapshot,
    sweepId: 'failsafe',
    contextOf: () => ({ sweepId: 'failsafe', projectDir: '/p', sweepDir: '/s', env: {}, setup: [] }),
    sources: sources.map((side) => new SimulatedSource(side, 2, clock, new Random(1), NO_FAULTS, () => true)),
    specs: (tasks) =>
      Promise.resolve(
        tasks.map((ref) => ({ ...ref, name: `task_${ref.task}`, argv: ['true'], env: {}, paramsYaml: '' })),
      ),
    causeOf: (task) => Promise.resolve(cause(task)),
    fetchEvidence,
    clock,
    log: silentLogger,
    process: { pid: 1, host: 'here' },
  });
  void engine.runSweep();
  return { clock, engine, snapshot, ledger };
}

describe('the failsafe of sources', () => {
  it('takes a source out that fails on its own, and gives its waiting tasks to the others', async () => {
    const { clock, engine, snapshot, ledger } = startSweep(
      (source) => source === 'bad',
      (task) => `cause ${task}`,
    );
    await clock.until(() => snapshot.isOver, 'the sweep is over');
    const onBad = ledger.filter(({ source }) => source === 'bad').length;
    assert.ok(onBad < 12, `the bad source was given ${onBad} of 40 tasks`);
    assert.equal(snapshot.tasks.count('succeeded'), 40 - onBad);
    engine.dispose();
  });

  it('does not condemn a source for a cause that is the tasks’ own', async () => {
    const { clock, engine, snapshot, ledger } = startSweep(
      () => true,
      () => 'the same traceback everywhere',
    );
    await clock.until(() => snapshot.isOver, 'the sweep is over');
    assert.equal(snapshot.distrusted.size, 0);
    assert.ok(ledger.filter(({ source }) => source === 'bad').length > 12);
    engine.dispose();
  });

  it('is held up by no evidence that does not come', async () => {
    let asked = 0;
    const { clock, engine, snapshot } = startSweep(
      (source) => source === 'bad',
      (task) => `cause ${task}`,
      () => {
        asked++;
        return new Promise(() => undefined);
      },
    );
    await clock.until(() => snapshot.tasks.count('failed') >= 4, 'four tasks failed');
    await engine.ask({ verb: 'cancel' });
    await clock.until(() => snapshot.isOver, 'the sweep is cancelled');
    assert.equal(asked, 1);
    await engine.stop();
  });

  it('gives a source another chance after a health check and a task that succeeds', async () => {
    // Bad for the first five seconds; the rest of the sweep is slow enough to see it come back.
    const { clock, engine, snapshot } = startSweep(
      (source, nowMs) => source === 'bad' && nowMs < 5_000,
      (task) => `cause ${task}`,
    );
    await clock.until(() => snapshot.standingOf('bad') === 'out', 'the bad source is out');
    await clock.until(() => snapshot.tasks.count('waiting') > 0, 'its tasks are taken back');
    await engine.ask({ verb: 'slots', source: 'good', slots: 0 });
    await clock.until(() => snapshot.standingOf('bad') === 'trial', 'the bad source is on trial');
    await clock.until(() => snapshot.standingOf('bad') === 'in', 'the bad source is back');
    engine.dispose();
  });
});
