import type { Event } from '../base/event';
import type { CollectedRecord } from '../collection/collectedRecord';
import type { JsonValue, Parameters } from '../sweep/value';
import type { JournalEvent, SweepRequest } from './journalEvent';
import type { SweepSource } from './sweepSource';

/** Where the code of a sweep stood at launch. */
export interface CodeProvenance {
  readonly commit?: string;
  readonly branch?: string;
  /** Uncommitted changes exist; they are in `code.patch`. */
  readonly dirty?: boolean;
  /** Names the copy of the project that sources run which get one; absent when none does. */
  readonly snapshot?: string;
}

/** `sweep.json`: what never changes of a sweep, written before anything starts. */
export interface SweepManifest {
  readonly format: 1;
  readonly id: string;
  /** The sweep file, relative to the project where it lies in it. */
  readonly file: string;
  readonly createdAt: string;
  readonly version: string;
  readonly total: number;
  readonly parameterNames: readonly string[];
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, JsonValue>>;
  readonly sources: readonly SweepSource[];
  /** The project's settings at launch. */
  readonly project: JsonValue;
  readonly code: CodeProvenance;
  /** Files of the project that did not travel to other machines, as patterns of a `.gitignore`. */
  readonly codeExclude?: readonly string[];
}

/** One line of `tasks.jsonl`. */
export interface StoredTask {
  readonly number: number;
  readonly name: string;
  readonly parameters: Parameters;
  /** The whole command on this machine, program first. */
  readonly argv: readonly string[];
  /** Tells combinations apart. */
  readonly hash: string;
}

/** Another process drives the sweep. */
export interface DriverInfo {
  readonly pid: number;
  readonly host: string;
}

/**
 * The right to drive a sweep: to write its journal and to talk to its sources. Held by one process at a time;
 * released by `dispose`, or by the death of the process.
 */
export interface DriverLock {
  dispose(): void;
}

/** A request that another process left for the driver. */
export interface PendingRequest {
  readonly request: SweepRequest;
  /** Tells the asking process that the request was written down. */
  acknowledge(): Promise<void>;
}

/**
 * The directory of one sweep: the truth that the editor and the command line read. Implemented on the file system and,
 * for tests, in memory.
 */
export interface SweepStore {
  /** Absolute. */
  readonly dir: string;
  readManifest(): Promise<SweepManifest>;
  /** The sweep file as it was at launch. */
  readSweepText(): Promise<string>;

  /** The tasks with these numbers, in their order. @throws Error when one is not there */
  readTasks(numbers: readonly number[]): Promise<StoredTask[]>;
  /** All of them, in order, without holding them all. */
  allTasks(): AsyncIterable<StoredTask>;
  /** Adds tasks at the end. Durable when it resolves. A number that is there already is not added again. */
  appendTasks(tasks: Iterable<StoredTask>): Promise<void>;

  /** @returns the lock, or who holds it */
  acquireDriver(): Promise<DriverLock | DriverInfo>;
  /** The living holder of the lock, if any. */
  currentDriver(): Promise<DriverInfo | undefined>;

  /** A crash or a broken disk must not make a sweep unreadable: what is no event is passed over and counted. */
  readJournal(offset: number): Promise<JournalPiece>;
  /**
   * Appends events for the holder of the lock. With `durable` they are on the disk when it resolves. When it rejects,
   * none of them is in the journal.
   *
   * @throws HsmError `disk.unwritable`
   */
  append(events: readonly JournalEvent[], durable: boolean): Promise<void>;

  /** Leaves a request for the driver. Resolves when the driver has written it down. */
  request(request: SweepRequest, signal: AbortSignal): Promise<void>;
  /** Requests of other processes, oldest first. */
  takeRequests(): Promise<PendingRequest[]>;

  /**
   * What was brought home so far; a record may be there twice. Cheap when nothing is new.
   *
   * @param offset - 0, or the `end` of the read before
   */
  readCollected(offset: number): Promise<CollectedPiece>;
  /**
   * Moves what is here of a task to where files of earlier attempts are kept, see `earlierTasksDir`. Does so once: what
   * comes to its place later stays there.
   *
   * @param name - of the task's directory
   * @throws HsmError `disk.unwritable`
   */
  setAside(name: string, attempt: number): Promise<void>;
  /** Remembers what was brought home. Unlike the journal, any process may. */
  appendCollected(record: CollectedRecord): Promise<void>;

  /** Fires when the journal grew or a request came, as far as the system tells; polling finds them too. */
  readonly onDidChange: Event<void>;
  /** Stops watching. */
  dispose(): void;
}

/** What was noted down of homecomings from some offset on. */
export interface CollectedPiece {
  readonly records: readonly CollectedRecord[];
  /** The offset after the last complete line. */
  readonly end: number;
}

/** A journal from some offset on. */
export interface JournalPiece {
  readonly events: JournalEvent[];
  /** The offset after the last complete line. */
  readonly end: number;
  /** Complete lines that are no events. */
  readonly skipped: number;
  /** There is the beginning of a line at the end: it is being written, or its writer died. */
  readonly torn: boolean;
  /** The journal is shorter than it was, so this piece is all of it. */
  readonly restarted: boolean;
}

/** What is written at launch. */
export interface NewSweep {
  /** Without id; the store finds one that is free. */
  readonly manifest: Omit<SweepManifest, 'id'>;
  readonly sweepText: string;
  /** Uncommitted changes as a patch, if any. */
  readonly patch?: string;
  /** Makes the tasks once the directory of the sweep is known. */
  tasks(sweepDir: string): Iterable<StoredTask>;
}

/** The directory that holds a project's sweeps. */
export interface SweepDirectory {
  /** Creates a sweep with everything in it, or nothing. Ids are `sweep_YYYYMMDD_HHMMSS`, with a suffix when taken. */
  create(sweep: NewSweep): Promise<SweepStore>;
  /** Ids of the sweeps there, oldest first. Directories that are no sweeps are left out. */
  list(): Promise<string[]>;
  open(id: string): SweepStore;
  /** Fires when a sweep may have come or gone. */
  readonly onDidChange: Event<void>;
  dispose(): void;
}
