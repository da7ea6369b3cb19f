import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireDriver } from '../../src/adapters/files/driverLock';
import { FileSweepDirectory } from '../../src/adapters/files/fileSweepDirectory';
import { collectedRecord } from '../../src/core/collection/collectedRecord';
import { FileSweepStore } from '../../src/adapters/files/fileSweepStore';
import type { JournalEvent } from '../../src/core/engine/journalEvent';
import type {
  DriverInfo,
  DriverLock,
  NewSweep,
  StoredTask,
  SweepManifest,
  SweepStore,
} from '../../src/core/engine/sweepStore';
import { waitUntil } from '../support/waitUntil';
import { MemorySweepStore } from '../support/memorySweepStore';

const LAUNCH: NewSweep['manifest'] = {
  format: 1,
  file: 'sweeps/lr.yaml',
  createdAt: '2026-01-01T00:00:00.000Z',
  version: '0.0.0',
  total: 3,
  parameterNames: ['lr'],
  sources: [{ name: 'local', type: 'local', config: {} }],
  project: {},
  code: {},
};
const MANIFEST: SweepManifest = { ...LAUNCH, id: 'sweep_1' };

const TEXT = 'sweep: { grid: { lr: [0.10, 1e-3, 2] } }\n';

function task(number: number, text = '0.10'): StoredTask {
  return {
    number,
    name: `task_${String(number).padStart(4, '0')}`,
    hash: `hash${number}`,
    argv: ['python3', 'train.py', `lr=${text}`],
    parameters: new Map([['lr', { number: Number(text), text }]]),
  };
}

function newSweep(tasks: readonly StoredTask[]): NewSweep {
  return { manifest: LAUNCH, sweepText: TEXT, tasks: () => tasks };
}

function held(outcome: DriverLock | DriverInfo): DriverLock {
  assert.ok('dispose' in outcome, 'the lock was refused');
  return outcome;
}

const event = (token: string): JournalEvent => ({ kind: 'submitted', at: 1, source: 'local', token });

/** What every store of a sweep does. `reopen` gives a second store on the same sweep, as another process has it. */
function sweepStoreContract(create: () => Promise<{ store: SweepStore; reopen: () => SweepStore }>): void {
  let store: SweepStore;
  let other: SweepStore;

  beforeEach(async () => {
    const made = await create();
    store = made.store;
    other = made.reopen();
  });

  afterEach(() => {
    store.dispose();
    other.dispose();
  });

  it('gives back what was written at launch', async () => {
    assert.deepEqual((await other.readManifest()).sources, MANIFEST.sources);
    assert.equal(await other.readSweepText(), TEXT);
    assert.deepEqual(await other.readTasks([3, 1]), [task(3, '2'), task(1, '0.10')]);
  });

  it('adds tasks at the end, once', async () => {
    await store.appendTasks([task(4)]);
    await store.appendTasks([task(4), task(5)]);
    const numbers: number[] = [];
    for await (const { number } of other.allTasks()) numbers.push(number);
    assert.deepEqual(numbers, [1, 2, 3, 4, 5]);
    assert.deepEqual(await store.readTasks([5]), [task(5)]);
  });

  it('reads tasks that were added after it had read others, by whomever', async () => {
    await Promise.all([store.readTasks([1]), other.readTasks([1])]);
    await Promise.all([store.appendTasks([task(4)]), store.readTasks([2])]);
    assert.deepEqual(await store.readTasks([4]), [task(4)]);
    assert.deepEqual(await other.readTasks([4, 1]), [task(4), task(1, '0.10')]);
  });

  it('refuses a task that is not there', async () => {
    await assert.rejects(store.readTasks([99]), /99/);
  });

  it('shows appended events to another process, from where it stopped reading', async () => {
    await store.append([event('1'), event('2')], true);
    const first = await other.readJournal(0);
    assert.deepEqual(first.events, [event('1'), event('2')]);
    await store.append([event('3')], false);
    const second = await other.readJournal(first.end);
    assert.deepEqual(second.events, [event('3')]);
    assert.deepEqual((await other.readJournal(second.end)).events, []);
  });

  it('shows what was brought home to another process, from where it stopped reading', async () => {
    assert.deepEqual((await other.readCollected(0)).records, []);
    const homecoming = (task: number) => collectedRecord(1, 'box', [{ task, attempt: 1 }], 10);
    await store.appendCollected(homecoming(1));
    const first = await other.readCollected(0);
    assert.deepEqual(first.records, [homecoming(1)]);
    await store.appendCollected(homecoming(2));
    const second = await other.readCollected(first.end);
    assert.deepEqual(second.records, [homecoming(2)]);
    assert.deepEqual(await other.readCollected(second.end), { records: [], end: second.end });
  });

  it('has one driver at a time', async () => {
    const lock = held(await store.acquireDriver());
    const refused = await other.acquireDriver();
    assert.ok('pid' in refused);
    assert.deepEqual(await other.currentDriver(), refused);
    lock.dispose();
    assert.equal(await other.currentDriver(), undefined);
    held(await other.acquireDriver()).dispose();
  });

  it('passes a request to the driver, and tells the asking process when it was written down', async () => {
    const asked = other.request({ verb: 'cancel', tasks: [2] }, new AbortController().signal);
    let pending = await store.takeRequests();
    while (pending.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      pending = await store.takeRequests();
    }
    assert.deepEqual(pending[0]?.request, { verb: 'cancel', tasks: [2] });
    await pending[0].acknowledge();
    await asked;
    assert.deepEqual(await store.takeRequests(), []);
  });
}

describe('a sweep store in memory', () => {
  sweepStoreContract(() => {
    const files = {
      manifest: MANIFEST,
      sweepText: TEXT,
      tasks: [task(1), task(2, '1e-3'), task(3, '2')],
      journal: [],
      requests: [],
    };
    return Promise.resolve({
      store: new MemorySweepStore(files),
      reopen: () => new MemorySweepStore(files, { pid: 2, host: 'memory' }),
    });
  });
});

describe('a sweep store on the file system', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hsm-store-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const create = async (): Promise<SweepStore> => {
    const directory = new FileSweepDirectory(join(folder, 'outputs'));
    directory.dispose();
    return directory.create(newSweep([task(1), task(2, '1e-3'), task(3, '2')]));
  };

  describe('keeps the contract', () => {
    sweepStoreContract(async () => {
      const store = await create();
      return { store, reopen: () => new FileSweepStore(store.dir) };
    });
  });

  it('passes over a torn last line, and starts the next one on a line of its own', async () => {
    const store = await create();
    await store.append([event('1'), event('2')], true);
    store.dispose();
    const path = join(store.dir, 'journal.jsonl');
    truncateSync(path, readFileSync(path).length - 7);
    const next = new FileSweepStore(store.dir);
    assert.deepEqual((await next.readJournal(0)).events, [event('1')]);
    await next.append([event('3')], true);
    const { events, skipped } = await next.readJournal(0);
    assert.deepEqual({ events, skipped }, { events: [event('1'), event('3')], skipped: 1 });
    next.dispose();
  });

  it('tells a line that is not whole yet, and reads it when it is', async () => {
    const store = await create();
    await store.append([event('1')], true);
    const path = join(store.dir, 'journal.jsonl');
    appendFileSync(path, '{"kind":"submitted","at":1,');
    const first = await store.readJournal(0);
    assert.deepEqual([first.events, first.torn], [[event('1')], true]);
    appendFileSync(path, '"source":"local","token":"2"}\n');
    const second = await store.readJournal(first.end);
    assert.deepEqual([second.events, second.torn], [[event('2')], false]);
    store.dispose();
  });

  it('reads a journal anew that became shorter', async () => {
    const store = await create();
    await store.append([event('1'), event('2')], true);
    const { end } = await store.readJournal(0);
    truncateSync(join(store.dir, 'journal.jsonl'), 0);
    await store.append([event('3')], true);
    const { events, restarted } = await store.readJournal(end);
    assert.deepEqual([events, restarted], [[event('3')], true]);
    store.dispose();
  });

  it('goes on in a new file when the journal was removed', async () => {
    const store = await create();
    await store.append([event('1')], true);
    rmSync(join(store.dir, 'journal.jsonl'));
    await store.append([event('2')], true);
    assert.deepEqual((await store.readJournal(0)).events, [event('2')]);
    store.dispose();
  });

  it('leaves nothing of an append that the disk refused', async function () {
    // A file that may not grow beyond a limit behaves as one on a full disk: a part is written, then it is refused.
    if (process.platform === 'win32') this.skip();
    const store = await create();
    await store.append([event('1')], true);
    const program = `
      import files from './src/adapters/files/fileSweepStore.ts';
      process.on('SIGXFSZ', () => undefined);
      const event = (token) => ({ kind: 'submitted', at: 1, source: 'local', token });
      const store = new files.FileSweepStore(process.argv[1]);
      await store.append([event('2'), event('x'.repeat(5000))], true).catch((error) => console.log(error.code));
      store.dispose();`;
    const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', program, store.dir];
    const limited = spawnSync('sh', ['-c', 'ulimit -f 4; exec "$@"', 'sh', ...node], { encoding: 'utf8' });
    assert.equal(limited.stdout, 'EFBIG\n', limited.stderr);
    const { events, torn } = await store.readJournal(0);
    assert.deepEqual([events, torn], [[event('1')], false]);
    store.dispose();
  });

  it('reads on behind a block of zeros in the middle', async () => {
    const store = await create();
    await store.append([event('1')], true);
    appendFileSync(join(store.dir, 'journal.jsonl'), `${'\0'.repeat(4096)}\n`);
    const next = new FileSweepStore(store.dir);
    await next.append([event('2')], true);
    assert.deepEqual((await next.readJournal(0)).events, [event('1'), event('2')]);
    store.dispose();
    next.dispose();
  });

  it('finds a task among many without reading the others', async () => {
    const directory = new FileSweepDirectory(join(folder, 'outputs'));
    const store = await directory.create(
      newSweep(Array.from({ length: 1000 }, (_, index) => task(index + 1))),
    );
    assert.deepEqual(await store.readTasks([1000, 64, 65, 1]), [task(1000), task(64), task(65), task(1)]);
    store.dispose();
    directory.dispose();
  });

  it('gives two sweeps of the same second two ids', async () => {
    const ids = await Promise.all([create(), create(), create()]);
    assert.equal(new Set(ids.map(({ dir }) => dir)).size, 3);
    const directory = new FileSweepDirectory(join(folder, 'outputs'));
    assert.equal((await directory.list()).length, 3);
    directory.dispose();
    for (const store of ids) store.dispose();
  });

  it('leaves nothing behind when the tasks cannot be made', async () => {
    const directory = new FileSweepDirectory(join(folder, 'outputs'));
    const broken: NewSweep = {
      ...newSweep([]),
      tasks: () => {
        throw new Error('no tasks');
      },
    };
    await assert.rejects(directory.create(broken), /no tasks/);
    assert.deepEqual(readdirSync(join(folder, 'outputs')), []);
    directory.dispose();
  });

  it('reads a line of what came home once it is whole', async () => {
    const store = await create();
    const path = join(store.dir, 'collected.jsonl');
    const line = JSON.stringify(collectedRecord(1, 'box', [{ task: 1, attempt: 1 }], 10));
    writeFileSync(path, `\n${line}\n\n${line.slice(0, 20)}`);
    const first = await store.readCollected(0);
    assert.equal(first.records.length, 1);
    appendFileSync(path, `${line.slice(20)}\n`);
    assert.equal((await store.readCollected(first.end)).records.length, 1);
    store.dispose();
  });

  it('sets the files of an earlier attempt aside once, also where there were none', async () => {
    const store = await create();
    const at = (path: string) => join(store.dir, path);
    const write = (name: string) => {
      mkdirSync(at(`tasks/${name}`), { recursive: true });
      writeFileSync(at(`tasks/${name}/metrics.json`), '{}');
    };
    write('task_0001');
    await store.setAside('task_0001', 1);
    await store.setAside('task_0002', 1);
    assert.deepEqual(readdirSync(at('tasks')), []);
    for (const name of ['task_0001', 'task_0002']) {
      write(name);
      await store.setAside(name, 1);
      assert.deepEqual(readdirSync(at(`tasks/${name}`)), ['metrics.json'], 'of the next attempt');
    }
    assert.deepEqual(readdirSync(at('earlier/attempt1/task_0001')).sort(), ['.moved', 'metrics.json']);
    assert.deepEqual(readdirSync(at('earlier/attempt1/task_0002')), ['.moved']);
    store.dispose();
  });

  it('takes the lock over from a process that died, also when its number lives on', async () => {
    const lock = join(folder, 'lock');
    held(await acquireDriver(lock)).dispose();
    const { pid } = spawnSync('true');
    for (const [number, dead] of [
      [7, { pid, host: hostname(), started: 'long ago' }],
      [12, { pid: process.pid, host: hostname(), started: 'another start' }],
    ] as const) {
      writeFileSync(join(lock, String(number)), JSON.stringify(dead));
      held(await acquireDriver(lock)).dispose();
    }
  });

  it('takes the lock over from a process that is dead and not buried', async () => {
    // The shell becomes another program that never asks for its dead child.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [answer] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(answer.toString());
      const stat = (): string => readFileSync(`/proc/${pid}/stat`, 'utf8');
      await waitUntil('the child is a zombie', () => stat().includes(') Z '));
      const lock = join(folder, 'lock');
      held(await acquireDriver(lock)).dispose();
      writeFileSync(join(lock, '5'), JSON.stringify({ pid, host: hostname(), started: '' }));
      held(await acquireDriver(lock)).dispose();
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('leaves the lock to a process on another machine, which cannot be seen from here', async () => {
    const lock = join(folder, 'lock');
    held(await acquireDriver(lock)).dispose();
    writeFileSync(join(lock, '9'), JSON.stringify({ pid: 1, host: 'elsewhere', started: '' }));
    assert.deepEqual(await acquireDriver(lock), { pid: 1, host: 'elsewhere' });
  });

  it('gives the lock to one of many that ask at once', async () => {
    const lock = join(folder, 'lock');
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => acquireDriver(lock)));
    assert.equal(outcomes.filter((outcome) => 'dispose' in outcome).length, 1);
  });
});
