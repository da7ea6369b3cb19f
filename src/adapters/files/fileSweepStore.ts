import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Emitter, type Event } from '../../core/base/event';
import { DisposableStore, toDisposable } from '../../core/base/lifecycle';
import type { JournalEvent, SweepRequest } from '../../core/engine/journalEvent';
import type {
  CollectedPiece,
  DriverInfo,
  DriverLock,
  JournalPiece,
  PendingRequest,
  StoredTask,
  SweepManifest,
  SweepStore,
} from '../../core/engine/sweepStore';
import type { CollectedRecord } from '../../core/collection/collectedRecord';
import { CollectedFile } from './collectedFile';
import { acquireDriver, currentDriver } from './driverLock';
import { JournalFile } from './journalFile';
import { RequestFolder } from './requestFolder';
import { setAside } from './setAside';
import { TaskFile } from './taskFile';
import { watchFolder } from './watchFolder';

/** Names in a sweep's directory. */
export const SWEEP_FILES = {
  manifest: 'sweep.json',
  sweep: 'sweep.yaml',
  patch: 'code.patch',
  tasks: 'tasks.jsonl',
  journal: 'journal.jsonl',
  lock: 'lock',
  requests: 'requests',
  collected: 'collected.jsonl',
} as const;

/** The directory of one sweep on the file system. */
export class FileSweepStore implements SweepStore {
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new Emitter<void>());
  private readonly journal: JournalFile;
  private readonly tasks: TaskFile;
  private readonly requests: RequestFolder;
  private readonly collected: CollectedFile;
  private watching = false;

  constructor(readonly dir: string) {
    this.journal = new JournalFile(join(dir, SWEEP_FILES.journal));
    this.tasks = new TaskFile(join(dir, SWEEP_FILES.tasks));
    this.requests = new RequestFolder(join(dir, SWEEP_FILES.requests));
    this.collected = new CollectedFile(join(dir, SWEEP_FILES.collected));
    this.disposables.add(toDisposable(() => void this.journal.close()));
  }

  readonly onDidChange: Event<void> = (listener) => {
    this.watchOnce();
    return this.changed.event(listener);
  };

  async readManifest(): Promise<SweepManifest> {
    return JSON.parse(await readFile(join(this.dir, SWEEP_FILES.manifest), 'utf8')) as SweepManifest;
  }

  async readSweepText(): Promise<string> {
    return readFile(join(this.dir, SWEEP_FILES.sweep), 'utf8');
  }

  async readTasks(numbers: readonly number[]): Promise<StoredTask[]> {
    return this.tasks.read(numbers);
  }

  allTasks(): AsyncIterable<StoredTask> {
    return this.tasks.all();
  }

  async appendTasks(tasks: Iterable<StoredTask>): Promise<void> {
    await this.tasks.append(tasks);
  }

  async acquireDriver(): Promise<DriverLock | DriverInfo> {
    return acquireDriver(join(this.dir, SWEEP_FILES.lock));
  }

  async currentDriver(): Promise<DriverInfo | undefined> {
    return currentDriver(join(this.dir, SWEEP_FILES.lock));
  }

  async readJournal(offset: number): Promise<JournalPiece> {
    return this.journal.read(offset);
  }

  async append(events: readonly JournalEvent[], durable: boolean): Promise<void> {
    await this.journal.append(events, durable);
  }

  async request(request: SweepRequest, signal: AbortSignal): Promise<void> {
    await this.requests.leave(request, signal);
  }

  async takeRequests(): Promise<PendingRequest[]> {
    return this.requests.take();
  }

  async readCollected(offset: number): Promise<CollectedPiece> {
    return this.collected.read(offset);
  }

  async setAside(name: string, attempt: number): Promise<void> {
    await setAside(this.dir, name, attempt);
  }

  async appendCollected(record: CollectedRecord): Promise<void> {
    await this.collected.append(record);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Started by the first listener: a list of old sweeps should not cost a watcher each. */
  private watchOnce(): void {
    if (this.watching) return;
    const watch = watchFolder(this.dir, (name) => {
      if (name === SWEEP_FILES.journal || name === SWEEP_FILES.requests) this.changed.fire();
    });
    if (!watch) return;
    this.watching = true;
    this.disposables.add(watch);
  }
}
