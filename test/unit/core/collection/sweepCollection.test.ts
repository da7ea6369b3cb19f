import { strict as assert } from 'node:assert';
import { Emitter } from '../../../../src/core/base/event';
import { silentLogger } from '../../../../src/core/base/logger';
import { Mutex } from '../../../../src/core/base/mutex';
import type { CollectedRecord } from '../../../../src/core/collection/collectedRecord';
import type { ResultCollector } from '../../../../src/core/collection/resultCollectionManager';
import { SweepCollection } from '../../../../src/core/collection/sweepCollection';
import type {
  AttemptRecord,
  CollectionReport,
  CollectOptions,
} from '../../../../src/core/compute/computeSource';
import { SweepSnapshot } from '../../../../src/core/engine/sweepState';
import type { EngineChange } from '../../../../src/core/engine/sweepEngine';
import { ManualClock } from '../../../support/manualClock';

const signal = new AbortController().signal;

/** A sweep of three tasks on `far`, and what was asked of that source. */
class Setting {
  readonly clock = new ManualClock();
  readonly calls: string[] = [];
  readonly records: CollectedRecord[] = [];
  readonly state = new SweepSnapshot({ total: 3, sources: ['far'], retries: 0, lost: 'fail' });
  readonly changed = new Emitter<EngineChange>();
  private readonly order = new Mutex();
  /** Makes the next calls fail. */
  failures = 0;

  constructor() {
    const at = 1;
    this.state.apply({ kind: 'submitting', at, source: 'far', token: '000001', tasks: [[1, 3, 1]] });
    this.state.apply({ kind: 'submitted', at, source: 'far', token: '000001' });
  }

  readonly collector: ResultCollector = {
    name: 'far',
    collectResults: (tasks, _signal, options) => this.order.run(() => this.collect(tasks, options)),
  };

  open(): SweepCollection {
    const store = {
      readCollected: () => Promise.resolve(this.records),
      appendCollected: (record: CollectedRecord) => Promise.resolve(void this.records.push(record)),
    };
    return new SweepCollection({
      sweep: { id: 'lr_1', state: this.state, onDidChange: this.changed.event, store },
      away: ['far'],
      collectorOf: () => this.collector,
      clock: this.clock,
      log: silentLogger,
    });
  }

  tell(...records: readonly AttemptRecord[]): void {
    this.state.apply({ kind: 'observed', at: 2, source: 'far', cursor: String(this.calls.length), records });
    this.changed.fire(records.map(({ task }) => task));
  }

  end(task: number, exitCode = 0): void {
    this.tell(
      { kind: 'started', task, attempt: 1, slot: 1, pid: 1, atMs: 1 },
      { kind: 'ended', task, attempt: 1, exitCode, atMs: 2 },
    );
  }

  private collect(tasks: ReadonlyMap<number, string>, options?: CollectOptions): Promise<CollectionReport> {
    this.calls.push(
      `${options?.whileRunning === true ? 'look at' : 'bring'} ${[...tasks.values()].join(' ')}`,
    );
    if (this.failures > 0) {
      this.failures -= 1;
      return Promise.reject(new Error('the connection was lost'));
    }
    const collected = options?.whileRunning === true ? [] : [...tasks.keys()];
    return Promise.resolve({ collected, failed: [], bytes: 5, errors: [] });
  }
}

describe('The collection of a sweep', () => {
  it('brings a failed task at once, and the rest now and then', async () => {
    const setting = new Setting();
    const collection = setting.open();
    const working = collection.run();
    setting.end(1);
    await setting.clock.advance(1_000);
    assert.deepEqual(setting.calls, []);
    setting.end(2, 1);
    await setting.clock.advance(1_000);
    assert.deepEqual(setting.calls, ['look at task_0002', 'bring task_0002']);
    setting.tell({ kind: 'started', task: 3, attempt: 1, slot: 1, pid: 1, atMs: 1 });
    await setting.clock.advance(20_000);
    assert.deepEqual(setting.calls.slice(2), ['look at task_0003', 'bring task_0001']);
    assert.deepEqual(
      [1, 2, 3].map((task) => collection.isHome(task)),
      [true, true, false],
    );
    collection.dispose();
    await setting.clock.advance(1);
    await working;
  });

  it('brings everything at the end, and tries again', async () => {
    const setting = new Setting();
    const collection = setting.open();
    setting.failures = 1;
    for (const task of [1, 2, 3]) setting.end(task);
    assert.match(collection.notes()[0] ?? '', /files of 3 tasks are still on far/);
    const finished = collection.finish();
    await setting.clock.advance(120_000);
    await finished;
    const all = 'bring task_0001 task_0002 task_0003';
    assert.deepEqual(setting.calls, [all, all]);
    assert.deepEqual(collection.notes(), []);
  });

  it('is done as soon as everything is here', async () => {
    const setting = new Setting();
    const collection = setting.open();
    for (const task of [1, 2, 3]) setting.end(task);
    // No time passes.
    await collection.finish();
    assert.deepEqual(setting.calls, ['bring task_0001 task_0002 task_0003']);
  });

  it('says what could not be brought, and how to try again', async () => {
    const setting = new Setting();
    const collection = setting.open();
    setting.failures = 99;
    for (const task of [1, 2, 3]) setting.end(task);
    const finished = collection.finish();
    await setting.clock.advance(120_000);
    await finished;
    assert.deepEqual(collection.notes(), [
      'The files of 3 tasks are still on far. the connection was lost. Collect them with: hsm collect lr_1',
    ]);
  });

  it('asks for nothing twice, also as another process', async () => {
    const setting = new Setting();
    for (const task of [1, 2, 3]) setting.end(task);
    const first = await setting.open().bring([setting.collector], signal);
    assert.deepEqual(first.get('far'), { collected: [1, 2, 3], failed: [], bytes: 5, errors: [] });
    const again = await setting.open().bring([setting.collector], signal);
    assert.deepEqual(again.get('far'), { collected: [1, 2, 3], failed: [], bytes: 0, errors: [] });
    assert.equal(setting.calls.length, 1);
  });
});
