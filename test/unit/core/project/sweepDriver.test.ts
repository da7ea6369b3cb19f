import assert from 'node:assert/strict';
import { join } from 'node:path/posix';
import { unlessAborted } from '../../../../src/core/base/unlessAborted';
import { silentLogger } from '../../../../src/core/base/logger';
import type { CollectionReport, CollectOptions } from '../../../../src/core/compute/computeSource';
import type { SweepSource } from '../../../../src/core/engine/sweepSource';
import type { DriverInfo, DriverLock, SweepManifest } from '../../../../src/core/engine/sweepStore';
import { formatEvent, type JournalEvent } from '../../../../src/core/engine/journalEvent';
import type { ProjectPorts } from '../../../../src/core/project/projectPorts';
import { SweepDriver } from '../../../../src/core/project/sweepDriver';
import { FakeComputeSource } from '../../../support/fakeComputeSource';
import { ManualClock } from '../../../support/manualClock';
import { MemorySweepStore } from '../../../support/memorySweepStore';

/** Gives the lock only when it is told to. */
class SlowStore extends MemorySweepStore {
  let: () => void = () => undefined;
  private readonly gate = new Promise<void>((resolve) => {
    this.let = resolve;
  });

  override async acquireDriver(): Promise<DriverLock | DriverInfo> {
    await this.gate;
    return super.acquireDriver();
  }
}

async function openDriver(): Promise<{ store: SlowStore; driver: SweepDriver }> {
  const manifest = {
    format: 1,
    id: 'lr_1',
    total: 1,
    sources: [{ name: 'fake', type: 'local', config: {} }],
    project: {},
  } as unknown as SweepManifest;
  const sweepText = 'sweep: { grid: { lr: [1] } }';
  const store = new SlowStore({ manifest, sweepText, tasks: [], journal: [], requests: [] });
  const ports = {
    path: { join },
    log: silentLogger,
    clock: new ManualClock(),
    createSource: () => new FakeComputeSource(),
  } as unknown as ProjectPorts;
  return { store, driver: await SweepDriver.open(store, ports) };
}

/** Its tasks succeed at once; what they left comes when the test lets it. */
class SlowBox extends FakeComputeSource {
  /** How often it was asked for what tasks left. */
  asked = 0;
  /** Directories of tasks that came, each as its task's present one. */
  appeared = 0;
  let: () => void = () => undefined;
  private readonly gate = new Promise<void>((resolve) => {
    this.let = resolve;
  });

  override async collectResults(
    tasks: ReadonlyMap<number, string>,
    signal: AbortSignal,
    options?: CollectOptions,
  ): Promise<CollectionReport> {
    this.asked += 1;
    options?.onProgress?.({ bytes: 1, totalBytes: 4, bytesPerSecond: 2 });
    await unlessAborted(this.gate, signal);
    await options?.beforeAppearing?.();
    signal.throwIfAborted();
    if (options?.earlierAttempt === undefined) this.appeared += tasks.size;
    return super.collectResults(tasks, signal);
  }
}

/** A sweep of one task on `box`, as several processes have it. */
function sweepOnBox() {
  const box = new SlowBox({ name: 'box', fate: () => ({ kind: 'ends', exitCode: 0 }) });
  const clock = new ManualClock();
  const manifest = {
    format: 1,
    id: 'lr_1',
    total: 1,
    sources: [{ name: 'box', type: 'ssh', config: { type: 'ssh', host: 'box' } }],
    project: { python: 'python3', arguments: 'hydra' },
    code: {},
  } as unknown as SweepManifest;
  const tasks = [{ number: 1, name: 'task_0001', parameters: new Map(), argv: [], hash: 'a' }];
  const sweepText = 'script: train.py\nsweep: { grid: { lr: [1] } }';
  const files = { manifest, sweepText, tasks, journal: [] as string[], requests: [] };
  const ports = {
    path: { join },
    log: silentLogger,
    clock,
    process: { pid: 1, host: 'here' },
    createSource: () => box,
  } as unknown as ProjectPorts;
  const open = (pid: number): Promise<SweepDriver> =>
    SweepDriver.open(new MemorySweepStore(files, { pid, host: 'here' }), ports);
  return { box, clock, files, ports, open };
}

const noHurry = new AbortController().signal;

describe('SweepDriver', () => {
  it('tells what is on its way at the end, and keeps nobody who has given up', async () => {
    const { box, clock, open } = sweepOnBox();
    const driver = await open(1);
    await driver.drive(false);
    await clock.until(() => driver.session.summary().transfers !== undefined, 'results are on their way');
    assert.equal(driver.session.state.isOver, true);
    assert.deepEqual(driver.session.summary().transfers, [
      { source: 'box', what: 'results', bytes: 1, totalBytes: 4, bytesPerSecond: 2 },
    ]);
    const left = new AbortController();
    const waiting = driver.whenOver(left.signal);
    left.abort(new Error('the user left'));
    await assert.rejects(waiting, /the user left/);
    const end = driver.whenOver(noHurry);
    box.let();
    await clock.advance(1_000);
    assert.equal((await end).transfers, undefined);
    await driver.close();
  });

  it('sees to what is run again while it lets go', async () => {
    const { box, clock, ports, open } = sweepOnBox();
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    // The last tables take their time.
    Object.assign(ports, { files: { exists: () => gate.then(() => false) } });
    box.let();
    const driver = await open(1);
    await driver.drive(false);
    const { session } = driver;
    const hasEnded = (attempt: number) =>
      session.state.isOver && session.state.tasks.attemptOf(1) === attempt;
    await clock.until(() => hasEnded(1) && driver.hostsWithRest.length === 0, 'everything is home');
    await clock.advance(5_000);
    assert.equal(session.isDriven, true);
    await driver.ask({ verb: 'rerun', tasks: [1] });
    await clock.until(() => hasEnded(2), 'it ran again');
    const end = driver.whenOver(noHurry).then(() => driver.hostsWithRest);
    letGo();
    await clock.advance(5_000);
    assert.deepEqual(await end, []);
    await driver.close();
  });

  it('waits for what another process brings home, and says nothing of it meanwhile', async () => {
    const { box, clock, open } = sweepOnBox();
    const driver = await open(1);
    const follower = await open(2);
    await driver.drive(false);
    await clock.until(() => driver.session.state.isOver, 'the sweep is over');
    await follower.refresh();
    assert.deepEqual(
      [follower.session.summary().notes, follower.session.summary().driver],
      [[], 'elsewhere'],
    );
    let isHome = false;
    const end = follower.whenOver(noHurry).finally(() => (isHome = true));
    await clock.advance(5_000);
    assert.equal(isHome, false);
    box.let();
    await clock.advance(5_000);
    assert.deepEqual([(await end).notes, follower.hostsWithRest], [[], []]);
    await Promise.all([driver.close(), follower.close()]);
  });

  /** Another process gives the task to another source while its files are on their way. */
  async function moveWhileCollecting(): Promise<{
    readonly setting: ReturnType<typeof sweepOnBox>;
    readonly other: SweepDriver;
    readonly collected: Promise<ReadonlyMap<string, CollectionReport>>;
  }> {
    const setting = sweepOnBox();
    const { clock, files, open } = setting;
    const driver = await open(1);
    await driver.drive(false);
    await clock.until(() => driver.session.state.isOver, 'the sweep is over');
    const closed = driver.close();
    await clock.advance(2_000);
    await closed;
    const other = await open(2);
    const collected = other.collect(noHurry);
    await clock.until(() => other.session.summary().transfers !== undefined, 'results are on their way');
    const { lastNumber } = other.session.state;
    const here: SweepSource = { name: 'here', type: 'local', config: {} };
    const events: JournalEvent[] = [
      { kind: 'asked', at: 3, request: { verb: 'rerun', tasks: [1], joining: [here] } },
      { kind: 'submitting', at: 3, source: 'here', token: '000002', tasks: [[1, 1, 2]] },
    ];
    files.journal.push(...events.map((event, index) => formatEvent({ n: lastNumber + 1 + index, ...event })));
    return { setting, other, collected };
  }

  it('collects nothing into the directory of a task that another process gave to another source', async () => {
    const { setting, other, collected } = await moveWhileCollecting();
    const { box, clock } = setting;
    const asked = box.asked;
    await clock.until(() => box.asked > asked, 'it is asked for as an earlier attempt');
    box.let();
    await clock.advance(2_000);
    const report = (await collected).get('box');
    assert.deepEqual([report?.collected, report?.failed, report?.errors], [[1], [], []]);
    assert.equal(box.appeared, 0);
    await other.close();
  });

  it('looks once more where a task is before its files appear', async () => {
    const { setting, other, collected } = await moveWhileCollecting();
    // No time passes, so nobody has looked since.
    setting.box.let();
    assert.deepEqual((await collected).get('box')?.collected, [1]);
    assert.equal(setting.box.appeared, 0);
    await other.close();
  });

  it('stops waiting when the process that was bringing it dies, and says what is missing', async () => {
    const { clock, open } = sweepOnBox();
    const driver = await open(1);
    const follower = await open(2);
    await driver.drive(false);
    await clock.until(() => driver.session.state.isOver, 'the sweep is over');
    await follower.refresh();
    const end = follower.whenOver(noHurry);
    const closed = driver.close();
    await clock.advance(2_000);
    await closed;
    assert.match((await end).notes.join(), /files of 1 task are still on box/);
    await follower.close();
  });

  it('lets go of the lock when what came home cannot be read', async () => {
    const { clock, open } = sweepOnBox();
    const driver = await open(1);
    const { store } = driver.session;
    const unread = store.readCollected.bind(store);
    Object.assign(store, { readCollected: () => Promise.reject(new Error('the disk does not answer')) });
    // A drive does not go by what was read before it.
    await driver.drive(false);
    await clock.until(() => !driver.session.isDriven, 'the lock is let go of');
    assert.equal(await store.currentDriver(), undefined);
    Object.assign(store, { readCollected: unread });
    await driver.refresh();
    assert.match(driver.session.summary().notes.join(), /files of 1 task are still on box/);
    await driver.close();
  });

  it('brings nothing home from what it was about to drive when it was closed', async () => {
    const { box, clock, files, ports, open } = sweepOnBox();
    const first = await open(1);
    await first.drive(false);
    await clock.until(() => first.session.state.isOver, 'the sweep is over');
    let isClosed = false;
    void first.close().then(() => (isClosed = true));
    await clock.until(() => isClosed, 'the first process has gone');
    const store = new SlowStore(files);
    const driver = await SweepDriver.open(store, ports);
    assert.deepEqual(driver.hostsWithRest, ['box']);
    const begun = driver.drive(true);
    await clock.advance(1);
    const closed = driver.close();
    store.let();
    box.asked = 0;
    // No time passes.
    await Promise.all([begun, closed]);
    assert.equal(await store.currentDriver(), undefined);
    assert.equal(box.asked, 0);
  });

  for (const what of ['drive', 'observe'] as const) {
    it(`lets go of what it was about to ${what} when it was closed`, async () => {
      const { store, driver } = await openDriver();
      const begun = what === 'drive' ? driver.drive(false) : driver.observe();
      const closed = driver.close();
      store.let();
      await Promise.all([begun, closed]);
      assert.equal(driver.session.isDriven, false);
      assert.equal(await store.currentDriver(), undefined);
    });
  }
});
