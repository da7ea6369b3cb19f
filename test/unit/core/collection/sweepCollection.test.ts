import { strict as assert } from 'node:assert';
import { unlessAborted } from '../../../../src/core/base/unlessAborted';
import { Emitter } from '../../../../src/core/base/event';
import { silentLogger } from '../../../../src/core/base/logger';
import { ArrivalPlaces } from '../../../../src/core/collection/arrivalPlaces';
import type { CollectedRecord } from '../../../../src/core/collection/collectedRecord';
import type { ResultCollector } from '../../../../src/core/collection/resultCollectionManager';
import { ResultCollectionError } from '../../../../src/core/collection/resultCollectionError';
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
  readonly warnings: string[] = [];
  readonly state: SweepSnapshot;
  readonly id = 'lr_1';
  readonly changed = new Emitter<EngineChange>();
  readonly onDidChange = this.changed.event;
  isDrivenElsewhere = false;
  /** What becomes of bringing the directories of tasks, where it is not what usually does. */
  bringing: ((names: string, options: CollectOptions) => Promise<CollectionReport> | undefined) | undefined;
  /** Makes the next calls fail. */
  failures = 0;

  /** Reads of what came that fail. */
  unreadable = 0;

  constructor(total = 3) {
    const at = 1;
    this.state = new SweepSnapshot({ total, sources: ['far'], retries: 0, lost: 'fail' });
    this.state.apply({ kind: 'submitting', at, source: 'far', token: '000001', tasks: [[1, total, 1]] });
    this.state.apply({ kind: 'submitted', at, source: 'far', token: '000001' });
  }

  readonly collector: ResultCollector = {
    name: 'far',
    collectResults: (tasks, _signal, options) => this.collect(tasks, options),
  };

  readonly store = {
    readCollected: (offset: number) =>
      this.unreadable-- > 0
        ? Promise.reject(new Error('the disk does not answer'))
        : Promise.resolve({ records: this.records.slice(offset), end: this.records.length }),
    appendCollected: (record: CollectedRecord) => Promise.resolve(void this.records.push(record)),
    setAside: (name: string, attempt: number) => {
      this.calls.push(`set ${name} aside as attempt ${attempt}`);
      return Promise.resolve();
    },
  };

  open(): SweepCollection {
    return new SweepCollection({
      sweep: this,
      away: () => ['far'],
      collectorOf: () => this.collector,
      places: new ArrivalPlaces(),
      clock: this.clock,
      log: { ...silentLogger, warn: (text: string) => this.warnings.push(text) },
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
    if (options?.whileRunning === true)
      return Promise.resolve({ collected: [], failed: [], bytes: 5, errors: [] });
    const usual = { collected: [...tasks.keys()], failed: [], bytes: 5, errors: [] };
    return this.bringing?.([...tasks.values()].join(' '), options ?? {}) ?? Promise.resolve(usual);
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

  it('names what stayed there also when all has come before', async () => {
    const setting = new Setting();
    setting.end(1);
    const leftOut = [
      { task: 1, path: 'model.ckpt', reason: 'is excluded', bytes: 7, isByChoice: true },
    ] as const;
    const collector: ResultCollector = {
      name: 'far',
      collectResults: async (...question) => ({
        ...(await setting.collector.collectResults(...question)),
        leftOut,
        leftOutTotal: { files: 1, bytes: 7 },
      }),
    };
    for (const collection of [setting.open(), setting.open()]) {
      const report = (await collection.bring([collector], signal)).get('far');
      assert.deepEqual([report?.leftOut, report?.leftOutTotal], [leftOut, { files: 1, bytes: 7 }]);
      assert.deepEqual(collection.notes(), [], 'what was chosen is no news');
    }
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

  it('lets failures wait for nothing that takes hours', async () => {
    const setting = new Setting();
    const collection = setting.open();
    const working = collection.run();
    setting.bringing = (names) => (names === 'task_0001' ? new Promise(() => undefined) : undefined);
    setting.end(1);
    await setting.clock.advance(20_000);
    setting.end(2, 1);
    await setting.clock.advance(1_000);
    assert.deepEqual(setting.calls, ['bring task_0001', 'look at task_0002', 'bring task_0002']);
    assert.equal(collection.isHome(2), true);
    setting.end(3, 1);
    await collection.evidence('far', [3]);
    assert.equal(setting.calls.at(-1), 'look at task_0003');
    collection.dispose();
    await Promise.race([working, Promise.resolve()]);
  });

  it('brings many tasks in several slices, and what came is noted after each', async () => {
    const setting = new Setting(200);
    const collection = setting.open();
    const working = collection.run();
    for (let task = 1; task <= 200; task++) setting.end(task);
    await setting.clock.advance(16_000);
    assert.deepEqual(
      setting.records.map(({ tasks }) => tasks),
      [[[1, 64, 1]], [[65, 192, 1]], [[193, 200, 1]]],
    );
    collection.dispose();
    await setting.clock.advance(1);
    await working;
  });

  it('tries a task that differs later each time, and the others as ever', async () => {
    const setting = new Setting();
    const collection = setting.open();
    const working = collection.run();
    const failure = new ResultCollectionError('far', 'different', 'task_0001/a is not the same');
    setting.bringing = (names) =>
      names.startsWith('task_0001')
        ? Promise.resolve({ collected: [], failed: [1], bytes: 0, errors: [failure.message], failure })
        : undefined;
    setting.end(1);
    await setting.clock.advance(3_600_000);
    const tries = setting.calls.filter((call) => call === 'bring task_0001').length;
    assert.ok(tries >= 6 && tries <= 12, `${tries} tries in an hour`);
    setting.end(2);
    await setting.clock.advance(16_000);
    assert.equal(collection.isHome(2), true);
    assert.deepEqual(setting.warnings, ['far: results: task_0001/a is not the same']);
    collection.dispose();
    await setting.clock.advance(1);
    await working;
  });

  it('does not try again at the end what only the user can mend', async () => {
    const setting = new Setting();
    const collection = setting.open();
    const failure = new ResultCollectionError('far', 'disk', 'The disk is full.');
    setting.bringing = () =>
      Promise.resolve({ collected: [], failed: [1, 2, 3], bytes: 0, errors: [failure.message], failure });
    for (const task of [1, 2, 3]) setting.end(task);
    await collection.finish();
    assert.deepEqual(setting.calls, ['bring task_0001 task_0002 task_0003']);
    assert.match(collection.notes()[0] ?? '', /far\. The disk is full\. Collect them with/);
  });

  it('says nothing of what another process is bringing, and knows what it brought', async () => {
    const setting = new Setting();
    const collection = setting.open();
    await collection.load();
    for (const task of [1, 2, 3]) setting.end(task);
    setting.isDrivenElsewhere = true;
    assert.deepEqual(collection.notes(), []);
    setting.isDrivenElsewhere = false;
    assert.equal(collection.notes().length, 1);
    await setting.open().bring([setting.collector], signal);
    assert.equal(await collection.refresh(), true);
    assert.deepEqual([collection.notes(), collection.incomplete()], [[], []]);
    assert.equal(await collection.refresh(), false);
  });

  it('reads what came again after the disk did not answer', async () => {
    const setting = new Setting();
    setting.unreadable = 1;
    const collection = setting.open();
    await assert.rejects(collection.load(), /the disk/);
    await collection.load();
  });

  it('works on when what came cannot be read at first', async () => {
    const setting = new Setting();
    setting.unreadable = 1;
    const collection = setting.open();
    const working = collection.run();
    setting.end(1);
    await setting.clock.advance(1_000);
    assert.deepEqual(setting.warnings, ['lr_1: what came home could not be read: the disk does not answer']);
    await setting.clock.advance(60_000);
    assert.equal(collection.isHome(1), true);
    collection.dispose();
    await setting.clock.advance(1);
    await working;
  });

  it('ends while what came cannot be read', async () => {
    const setting = new Setting();
    setting.unreadable = 99;
    const collection = setting.open();
    const working = collection.run();
    await setting.clock.advance(1_000);
    collection.dispose();
    await working;
  });

  it('waits for its turn only as long as somebody wants it, and keeps no failures waiting', async () => {
    const setting = new Setting();
    const collection = setting.open();
    const working = collection.run();
    setting.bringing = (names) => (names === 'task_0001' ? new Promise(() => undefined) : undefined);
    setting.end(1);
    await setting.clock.advance(20_000);
    const wish = new AbortController();
    const asked = collection.bring([setting.collector], wish.signal);
    setting.end(2, 1);
    await setting.clock.advance(1_000);
    assert.equal(collection.isHome(2), true);
    wish.abort(new Error('the user left'));
    await assert.rejects(asked, /the user left/);
    collection.dispose();
    await Promise.race([working, Promise.resolve()]);
  });

  it('tells how far it is, until everything is here', async () => {
    const setting = new Setting();
    const collection = setting.open();
    let end: () => void = () => undefined;
    setting.bringing = (_names, { onProgress }) => {
      onProgress?.({ bytes: 10, totalBytes: 40, bytesPerSecond: 5 });
      return new Promise((resolve) => {
        end = () => {
          resolve({ collected: [1], failed: [], bytes: 40, errors: [] });
        };
      });
    };
    let told = 0;
    collection.onDidProgress(() => told++);
    setting.end(1);
    const finished = collection.finish();
    await setting.clock.advance(1);
    assert.deepEqual(collection.transfers(), [
      { source: 'far', what: 'results', bytes: 10, totalBytes: 40, bytesPerSecond: 5 },
    ]);
    end();
    await finished;
    assert.deepEqual([collection.transfers(), told], [[], 2]);
  });
});

describe('Attempts of a task on several hosts', () => {
  /** A sweep, usually of one task, on two hosts, and what was asked of them. */
  class TwoHosts {
    readonly id = 'lr_1';
    readonly clock = new ManualClock();
    readonly state: SweepSnapshot;
    readonly calls: string[] = [];
    readonly onDidChange = new Emitter<EngineChange>().event;
    readonly isDrivenElsewhere = false;
    readonly store = {
      readCollected: () => Promise.resolve({ records: [], end: 0 }),
      appendCollected: () => Promise.resolve(),
      setAside: (name: string, attempt: number) => {
        this.calls.push(`set ${name} aside as attempt ${attempt}`);
        return Promise.resolve();
      },
    };
    constructor(total = 1) {
      this.state = new SweepSnapshot({ total, sources: ['a', 'b', 'here'], retries: 0, lost: 'fail' });
    }

    /** A file that stays there, by source. */
    readonly leftOut = new Map<string, string>();
    /** What holds up files on their way. */
    gate = Promise.resolve();
    readonly collection = new SweepCollection({
      sweep: this,
      away: () => ['a', 'b'],
      collectorOf: (source) => this.collectorOf(source),
      places: new ArrivalPlaces(),
      clock: this.clock,
      log: silentLogger,
    });

    collectorOf(name: string): ResultCollector {
      return {
        name,
        collectResults: async (tasks, aborted, options = {}) => {
          const { earlierAttempt: earlier } = options;
          const whose = earlier === undefined ? '' : ` as attempt ${earlier}`;
          const what = `${[...tasks.values()].join(' ')} of ${name}`;
          this.calls.push(`${options.whileRunning === true ? 'look at' : 'bring'} ${what}${whose}`);
          try {
            await unlessAborted(this.gate, aborted);
          } catch (error) {
            this.calls.push(`${what} is called off`);
            throw error;
          }
          const path = this.leftOut.get(name);
          const leftOut = path === undefined ? [] : [{ task: 1, path, reason: 'is too large' }];
          return { collected: [...tasks.keys()], failed: [], bytes: 1, errors: [], leftOut };
        },
      };
    }

    run(source: string, attempt: number, isOver = true, task = 1): void {
      const [token, at] = [`${attempt}.${task}`, attempt];
      this.state.apply({ kind: 'submitting', at, source, token, tasks: [[task, task, attempt]] });
      this.state.apply({ kind: 'submitted', at, source, token });
      const records: AttemptRecord[] = [{ kind: 'started', task, attempt, slot: 1, pid: 1, atMs: at }];
      if (isOver) records.push({ kind: 'ended', task, attempt, exitCode: 1, atMs: at + 1 });
      this.state.apply({ kind: 'observed', at, source, cursor: token, records });
    }

    rerun(): void {
      this.state.apply({ kind: 'asked', at: 3, request: { verb: 'rerun', tasks: [1] } });
    }

    bring(): Promise<ReadonlyMap<string, CollectionReport>> {
      return this.collection.bring(
        ['a', 'b'].map((source) => this.collectorOf(source)),
        signal,
      );
    }
  }

  it('do not come into one directory', async () => {
    const hosts = new TwoHosts();
    hosts.run('a', 1);
    await hosts.bring();
    hosts.rerun();
    hosts.run('b', 2);
    await hosts.bring();
    assert.deepEqual(hosts.calls, [
      'bring task_0001 of a',
      'set task_0001 aside as attempt 1',
      'bring task_0001 of b',
    ]);
    assert.deepEqual(hosts.collection.incomplete(), []);
  });

  it('all come home, also the one that was not when the next began', async () => {
    const hosts = new TwoHosts();
    hosts.run('a', 1);
    hosts.rerun();
    hosts.run('b', 2);
    assert.deepEqual(hosts.collection.incomplete(), ['a', 'b']);
    await hosts.bring();
    assert.deepEqual(
      hosts.calls.filter((call) => call.startsWith('bring')).sort(),
      ['bring task_0001 of a as attempt 1', 'bring task_0001 of b'].sort(),
    );
    assert.deepEqual(hosts.collection.incomplete(), []);
  });

  it('wait for each other where files of one are still on their way', async () => {
    const hosts = new TwoHosts();
    let open: () => void = () => undefined;
    hosts.gate = new Promise((resolve) => (open = resolve));
    hosts.run('a', 1);
    const first = hosts.bring();
    await hosts.clock.advance(1);
    hosts.rerun();
    hosts.run('b', 2);
    await hosts.collection.bring([hosts.collectorOf('b')], signal);
    assert.deepEqual(hosts.calls, ['bring task_0001 of a']);
    open();
    await first;
    await hosts.bring();
    assert.deepEqual(hosts.calls.slice(1), ['set task_0001 aside as attempt 1', 'bring task_0001 of b']);
  });

  it('make room for one on this machine, whatever is on its way', async () => {
    const hosts = new TwoHosts();
    hosts.run('a', 1);
    hosts.gate = new Promise(() => undefined);
    const [brought, looked] = [hosts.bring(), hosts.collection.evidence('a', [1])];
    await hosts.clock.advance(1);
    assert.deepEqual(hosts.calls, ['look at task_0001 of a', 'bring task_0001 of a']);
    hosts.rerun();
    hosts.run('here', 2, false);
    hosts.gate = Promise.resolve();
    await hosts.collection.makeRoom([1]);
    await looked;
    const report = (await brought).get('a');
    const calledOff = hosts.calls.filter((call) => call === 'task_0001 of a is called off');
    assert.equal(calledOff.length, 2);
    assert.ok(hosts.calls.includes('set task_0001 aside as attempt 1'));
    assert.equal(hosts.calls.at(-1), 'bring task_0001 of a as attempt 1');
    assert.deepEqual([report?.collected, report?.failed, report?.errors], [[1], [], []]);
  });

  it('come later when nobody knows yet where their task went on', async () => {
    const hosts = new TwoHosts();
    hosts.run('a', 1);
    hosts.gate = new Promise(() => undefined);
    const brought = hosts.bring();
    await hosts.clock.advance(1);
    await hosts.collection.makeRoom([1]);
    const report = (await brought).get('a');
    assert.deepEqual([report?.collected, report?.failed], [[], [1]]);
    assert.match(report?.errors.join() ?? '', /Files from a come later: their task went on elsewhere/);
  });

  it('are called off when another process gives their task to this machine', async () => {
    const hosts = new TwoHosts();
    hosts.run('a', 1);
    hosts.gate = new Promise(() => undefined);
    const brought = hosts.bring();
    await hosts.clock.advance(1);
    hosts.rerun();
    hosts.collection.callOffMoved();
    assert.deepEqual(hosts.calls, ['bring task_0001 of a']);
    hosts.run('here', 2, false);
    hosts.gate = Promise.resolve();
    hosts.collection.callOffMoved();
    assert.deepEqual((await brought).get('a')?.collected, [1]);
    assert.deepEqual(hosts.calls.slice(1), [
      'task_0001 of a is called off',
      'set task_0001 aside as attempt 1',
      'bring task_0001 of a as attempt 1',
    ]);
  });

  it('keep no others from coming when one is called off', async () => {
    const hosts = new TwoHosts(3);
    for (const task of [1, 2, 3]) hosts.run('a', 1, true, task);
    hosts.gate = new Promise(() => undefined);
    const brought = hosts.bring();
    await hosts.clock.advance(1);
    hosts.rerun();
    hosts.run('here', 2, false);
    hosts.gate = Promise.resolve();
    hosts.collection.callOffMoved();
    const report = (await brought).get('a');
    assert.deepEqual([report?.collected, report?.failed, report?.errors], [[1, 2, 3], [], []]);
    assert.deepEqual(
      hosts.calls.filter((call) => call.startsWith('bring')),
      [
        'bring task_0001 task_0002 task_0003 of a',
        'bring task_0002 task_0003 of a',
        'bring task_0001 of a as attempt 1',
      ],
    );
    assert.deepEqual(hosts.collection.incomplete(), []);
  });

  it('bring no logs into the directory of one that began elsewhere before their turn came', async () => {
    const hosts = new TwoHosts();
    hosts.run('a', 1);
    let open: () => void = () => undefined;
    hosts.gate = new Promise((resolve) => (open = resolve));
    const first = hosts.collection.evidence('a', [1]);
    const second = hosts.collection.evidence('a', [1]);
    await hosts.clock.advance(1);
    hosts.rerun();
    hosts.run('here', 2, false);
    open();
    await Promise.all([first, second]);
    assert.deepEqual(hosts.calls, ['look at task_0001 of a']);
  });

  it('each have their own files that stayed', async () => {
    const hosts = new TwoHosts();
    hosts.run('a', 1);
    hosts.rerun();
    hosts.run('b', 2);
    hosts.leftOut.set('a', 'a.bin').set('b', 'b.bin');
    await hosts.bring();
    const files = ['a.bin', 'b.bin'].map((file) => hosts.collection.hasFile(1, file));
    assert.deepEqual(files, [true, false]);
    assert.deepEqual(hosts.collection.notes(), [
      'Not collected, still where the tasks ran: task_0001/b.bin (is too large).',
    ]);
  });

  it('stay together on one host, where the next finds what the one before left', async () => {
    const hosts = new TwoHosts();
    hosts.run('a', 1);
    await hosts.bring();
    hosts.rerun();
    hosts.run('a', 2);
    await hosts.bring();
    assert.deepEqual(hosts.calls, ['bring task_0001 of a', 'bring task_0001 of a']);
  });
});
