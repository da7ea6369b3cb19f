import type { CollectedRecord } from '../../src/core/collection/collectedRecord';
import { Emitter } from '../../src/core/base/event';
import {
  formatEvent,
  parseEvent,
  type JournalEvent,
  type SweepRequest,
} from '../../src/core/engine/journalEvent';
import type {
  CollectedPiece,
  DriverInfo,
  DriverLock,
  JournalPiece,
  PendingRequest,
  StoredTask,
  SweepManifest,
  SweepStore,
} from '../../src/core/engine/sweepStore';

/** What survives the death of every process: the files of a sweep, in memory. Share one between stores to "restart". */
export interface SweepFilesInMemory {
  readonly manifest: SweepManifest;
  readonly sweepText: string;
  tasks: StoredTask[];
  readonly journal: string[];
  readonly requests: { request: SweepRequest; done: () => void }[];
  collected?: CollectedRecord[];
  driver?: DriverInfo;
}

/** A sweep directory in memory. Each line of the journal counts as one byte of offset. */
export class MemorySweepStore implements SweepStore {
  readonly dir: string;
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;
  /** What was moved out of the way: `attempt1/task_0001`. */
  readonly aside = new Set<string>();
  /** Makes the next appends fail, as a full disk does. */
  failingAppends = 0;

  constructor(
    readonly files: SweepFilesInMemory,
    private readonly identity: DriverInfo = { pid: 1, host: 'memory' },
  ) {
    this.dir = `/memory/${files.manifest.id}`;
  }

  readManifest(): Promise<SweepManifest> {
    return Promise.resolve(this.files.manifest);
  }

  readSweepText(): Promise<string> {
    return Promise.resolve(this.files.sweepText);
  }

  async readTasks(numbers: readonly number[]): Promise<StoredTask[]> {
    await Promise.resolve();
    return numbers.map((number) => {
      const task = this.files.tasks[number - 1];
      if (!task) throw new Error(`no task ${number}`);
      return task;
    });
  }

  async *allTasks(): AsyncIterable<StoredTask> {
    await Promise.resolve();
    yield* this.files.tasks;
  }

  appendTasks(tasks: Iterable<StoredTask>): Promise<void> {
    for (const task of tasks) if (task.number > this.files.tasks.length) this.files.tasks.push(task);
    return Promise.resolve();
  }

  acquireDriver(): Promise<DriverLock | DriverInfo> {
    if (this.files.driver) return Promise.resolve(this.files.driver);
    this.files.driver = this.identity;
    return Promise.resolve({
      dispose: () => {
        if (this.files.driver === this.identity) delete this.files.driver;
      },
    });
  }

  currentDriver(): Promise<DriverInfo | undefined> {
    return Promise.resolve(this.files.driver);
  }

  readJournal(offset: number): Promise<JournalPiece> {
    const parsed = this.files.journal.slice(offset).map(parseEvent);
    const events = parsed.filter((event) => event !== undefined);
    return Promise.resolve({
      events,
      end: this.files.journal.length,
      skipped: parsed.length - events.length,
      torn: false,
      restarted: false,
    });
  }

  append(events: readonly JournalEvent[]): Promise<void> {
    if (this.failingAppends > 0) {
      this.failingAppends--;
      return Promise.reject(new Error('no space left'));
    }
    this.files.journal.push(...events.map(formatEvent));
    this.changed.fire();
    return Promise.resolve();
  }

  request(request: SweepRequest): Promise<void> {
    return new Promise((done) => {
      this.files.requests.push({ request, done });
      this.changed.fire();
    });
  }

  takeRequests(): Promise<PendingRequest[]> {
    return Promise.resolve(
      this.files.requests.map((entry) => ({
        request: entry.request,
        acknowledge: () => {
          this.files.requests.splice(this.files.requests.indexOf(entry), 1);
          entry.done();
          return Promise.resolve();
        },
      })),
    );
  }

  readCollected(offset: number): Promise<CollectedPiece> {
    const records = this.files.collected ?? [];
    return Promise.resolve({ records: records.slice(offset), end: records.length });
  }

  setAside(name: string, attempt: number): Promise<void> {
    this.aside.add(`attempt${attempt}/${name}`);
    return Promise.resolve();
  }

  appendCollected(record: CollectedRecord): Promise<void> {
    (this.files.collected ??= []).push(record);
    return Promise.resolve();
  }

  dispose(): void {
    this.changed.dispose();
  }
}
