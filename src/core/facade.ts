import type { Event } from './base/event';
import type { TaskFailure, FailureGroup } from './analysis/failure';
import type { CollectionReport, CollectOptions, HealthReport, SourceType } from './compute/computeSource';
import type { FilePiece, FileRange } from './compute/host';
import type { HostConnections } from './compute/hostConnections';
import type { ResourceChange, TaskResources } from './engine/resourceChange';
import type { SweepState, TaskCounts, TaskState } from './engine/taskState';
import type { ResultSource } from './results/resultSource';
import type { ResultTable } from './results/resultTable';
import type { Problem } from './sweep/problem';
import type { JsonValue } from './sweep/value';
import type { StartWish } from './sync/beforeStart';
import type { Agreed } from './sync/consent';
import type { SyncFacade } from './sync/syncFacade';

/** A sweep, as lists show it. */
export interface SweepSummary {
  readonly id: string;
  /** Absolute. */
  readonly dir: string;
  /** The sweep file that it was started from, relative to the project. */
  readonly file: string;
  readonly description?: string;
  readonly state: SweepState;
  readonly total: number;
  readonly counts: TaskCounts;
  readonly sources: readonly string[];
  /** Seconds that its tasks may take, unless a rerun gave them others; absent: no limit. */
  readonly timeLimitSec?: number;
  readonly createdAtMs: number;
  /** When the last task ended; only of a sweep that is over. */
  readonly endedAtMs?: number;
  /** Estimate of the time left from the tasks that ended so far; absent while there is none. */
  readonly remainingMs?: number;
  /** Who drives it: this process, another one, or nobody (tasks handed over go on, and are found again). */
  readonly driver: 'here' | 'elsewhere' | 'nobody';
  /** When a source last told something; absence of news changes no state. */
  readonly lastNewsAtMs?: number;
  /** Conditions to know of, each a sentence: a source that cannot be seen, a full disk, a stop by the failure limit. */
  readonly notes: readonly string[];
  /** Other sweeps use slots of its sources: that nothing starts there for now is no fault. Only while it is driven here. */
  readonly waitsForSlots?: boolean;
  /** None of its sources starts anything until the user has changed something, which the notes tell. Only while it is driven here. */
  readonly isBlocked?: boolean;
  /** What this process is copying for it now; absent: nothing. After the last task ended, its results come home. */
  readonly transfers?: readonly SweepTransfer[];
}

/** Files of a sweep on their way between this machine and a source. */
export interface SweepTransfer {
  readonly source: string;
  /** The code to it, or what tasks left from it. */
  readonly what: 'code' | 'results';
  readonly bytes: number;
  /** At most; 0 while that is not known yet. */
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
}

/** A task, as lists show it. */
export interface TaskSummary {
  /** From 1; never changes within a sweep. */
  readonly number: number;
  /** Name of its directory, e.g. `task_0001`. */
  readonly name: string;
  readonly state: TaskState;
  /** The parameters that differ between tasks, e.g. `lr=0.01 seed=3`; only when the query asks for them. */
  readonly parameterText?: string;
  readonly source?: string;
  /** The current attempt, from 1; 0 before the first. */
  readonly attempt: number;
  readonly exitCode?: number;
  /** What the exit code often stands for, e.g. `SIGKILL`; see `signalOf`. */
  readonly signal?: string;
  /** Why it is in this state, in words: `exit code 1`, `ended after 60 s (timeout)`, `process gone without an end record`. */
  readonly reason?: string;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  /** What reruns gave it; absent: what the sweep's file and configuration say. */
  readonly resources?: TaskResources;
}

/** A task with everything that is known of it. */
export interface TaskDetails extends TaskSummary {
  readonly sweepId: string;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** The whole command, program first. */
  readonly argv: readonly string[];
  /** Absolute paths on this machine. The files may not exist yet. */
  readonly dir: string;
  readonly stdout: string;
  readonly stderr: string;
  /** What is here of its logs is all of them; else `readTaskLog` has more, perhaps. */
  readonly areLogsHere?: boolean;
}

/** Where a task's directory lies on a host. */
export interface TaskPlace {
  /** The alias of `~/.ssh/config`. */
  readonly host: string;
  /** Absolute there. */
  readonly dir: string;
}

/** A piece of a task's log. */
export interface LogPiece extends FilePiece {
  /** Of a copy here that may be cut off: why the source was not asked, as a sentence. */
  readonly note?: string;
}

/** How a task is started on this machine. */
export interface TaskLaunch {
  /** Program first. */
  readonly argv: readonly string[];
  /** Variables besides those of the editor. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly cwd: string;
}

/** A file as a sweep found it. */
export interface CodeAtLaunch {
  readonly text: string;
  /** Absent where it is known from a copy. */
  readonly commit?: string;
  /** It had changes that were not committed. */
  readonly dirty: boolean;
}

export interface TaskQuery {
  /** Only tasks in these states. Default: all. */
  readonly states?: readonly TaskState[];
  /** Skip so many of them. Default 0. */
  readonly offset?: number;
  /** At most so many. Default: all. */
  readonly limit?: number;
  /** Fill in `parameterText`, which costs more than the rest. Default false. */
  readonly withParameters?: boolean;
}

export interface StartOptions {
  /** Names of configured sources. Default: the sweep file's, else `local`. */
  readonly sources?: readonly string[];
  /** Run only the first so many combinations. */
  readonly maxTasks?: number;
  /** Allow more tasks than the limit of the configuration (default 100,000). */
  readonly allowLarge?: boolean;
  /** Tasks at one time on each source, instead of the configured number. With GPUs no more than there are groups of them. */
  readonly slots?: number;
  /** For sources that run the user's checkout, when it is out of sync: push first, or run what is there. By source, or for all. */
  readonly sync?: StartWish | ReadonlyMap<string, StartWish>;
  /** What the user was told of such a push and agreed to: tasks that run from the checkout. */
  readonly agreed?: Agreed;
}

/** Which tasks to run again, with their numbers. */
export type RerunChoice =
  | { readonly kind: 'failed' }
  /** Everything that did not succeed: failed, lost and cancelled. */
  | { readonly kind: 'unsuccessful' }
  | { readonly kind: 'tasks'; readonly tasks: readonly number[] };

/** Of a rerun on a source that joins the sweep: as at a start. */
export type RerunOptions = Pick<StartOptions, 'sync' | 'agreed'>;

/** A sweep file, read and counted, nothing started. */
export interface SweepPreview {
  readonly problems: readonly Problem[];
  /** Absent when the file has errors. */
  readonly count?: number;
  /** The first tasks. */
  readonly tasks: readonly PreviewTask[];
}

export interface PreviewTask {
  readonly number: number;
  readonly name: string;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** The parameters' tokens. */
  readonly arguments: readonly string[];
  /** The whole command, program first. */
  readonly argv: readonly string[];
}

/** A task that runs on a graphics card. */
export interface GpuUse {
  /** Index of the card. */
  readonly gpu: number;
  readonly sweepId: string;
  readonly task: number;
}

/** A configured compute source. */
export interface SourceSummary {
  readonly name: string;
  readonly type: SourceType;
  readonly host?: string;
  /** Tasks at one time. Absent: the configuration leaves that to the host, and nobody has looked at it yet. */
  readonly slots?: number;
  /** Tasks of this project's sweeps that run there now. */
  readonly active: number;
  /** Which of those tasks hold which graphics card. Absent: none of them holds one. */
  readonly gpuUse?: readonly GpuUse[];
  readonly health?: HealthReport;
}

/** Something to know before a sweep starts on another machine. */
export interface PreflightFinding {
  readonly source: string;
  readonly subject: 'connection' | 'health' | 'code' | 'files';
  /** `error`: tasks could not run there. */
  readonly severity: 'error' | 'warning';
  /** A sentence. It may hold words of the host. */
  readonly text: string;
  /** What to do about it, where the text does not say so itself. */
  readonly fix?: string;
  /** Of `code`: pushing first (`StartOptions.sync`) would do. */
  readonly canPush?: boolean;
}

/** What was found before a start. */
export interface Preflight {
  /** Worst first; none when all is well. */
  readonly findings: readonly PreflightFinding[];
  /** Those of the chosen sources that tasks could run on, whatever becomes of code that is out of step. */
  readonly usable: readonly string[];
}

/** What can be removed from a source's root, and what must stay. */
export interface CleanPlan {
  readonly source: string;
  readonly remove: readonly { readonly sweepId: string; readonly path: string; readonly bytes: number }[];
  readonly keep: readonly { readonly sweepId: string; readonly path: string; readonly reason: string }[];
}

/** What changed, so that a view redraws only that. Absent fields: nothing of the kind. */
export interface Change {
  /** The set of sweeps: one was started, found or removed. */
  readonly sweepList?: true;
  /** Sweeps whose summary changed, with the tasks whose summary changed (undefined: too many to name). */
  readonly sweeps?: ReadonlyMap<string, readonly number[] | undefined>;
  readonly sources?: true;
}

/**
 * The engine as the editor and the command line see it: plain data out, verbs in, one change event.
 *
 * Queries answer at once from memory, except those that return a promise. Verbs resolve when the request is written
 * down, and reject with an `HsmError` whose message is fit to show.
 */
export interface SweepFacade {
  /** The project's root, absolute. */
  readonly projectDir: string;
  readonly onDidChange: Event<Change>;

  /** Newest first. */
  sweeps(): readonly SweepSummary[];
  sweep(id: string): SweepSummary | undefined;
  /** In the order of their numbers. */
  tasks(sweepId: string, query?: TaskQuery): readonly TaskSummary[];
  task(sweepId: string, task: number): Promise<TaskDetails>;

  /** Reads and expands a sweep file without writing anything. */
  preview(file: string, text: string, limit: number): Promise<SweepPreview>;
  /** Checks a file by its role: the project file, else a sweep file. */
  check(file: string, text: string): Promise<readonly Problem[]>;
  /** Whether a file looks like a sweep file, by its name and content. */
  isSweepFile(file: string, text: string): boolean;

  /**
   * What could go wrong with a start on other machines, worst first; nothing when all is well. Connects to their hosts,
   * which may ask the user.
   *
   * @throws HsmError `input.invalid` when the files have errors
   */
  preflight(file: string, options: StartOptions, signal: AbortSignal): Promise<Preflight>;
  /**
   * Writes the sweep's manifest and tasks, then starts it. Rejects before anything starts when the file has errors.
   *
   * @param signal - aborts what comes before: looking at sources and checkouts
   */
  start(file: string, options?: StartOptions, signal?: AbortSignal): Promise<SweepSummary>;
  pause(sweepId: string): Promise<void>;
  resume(sweepId: string): Promise<void>;
  stop(sweepId: string): Promise<void>;
  /** Ends running tasks and drops the rest; with `tasks`, only those. */
  cancel(sweepId: string, tasks?: readonly number[]): Promise<void>;
  /**
   * Runs tasks again under their numbers. A source that the change names and the sweep does not have yet joins it, after
   * a look at it; when that cannot be, nothing is started.
   *
   * @throws HsmError `input.invalid` when there is nothing to run, or the change asks for what no source can give;
   *   `source.unavailable`, `host.unreachable`, `host.refused` when a source that is to join cannot run tasks
   */
  rerun(
    sweepId: string,
    choice: RerunChoice,
    change?: ResourceChange,
    options?: RerunOptions,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Adds the combinations that the sweep file gained since the start. Resolves with how many. */
  extend(sweepId: string): Promise<number>;
  /** Changes how many tasks a source runs at one time, from now on. */
  setSlots(sweepId: string, source: string, slots: number): Promise<void>;

  /** What it takes to run a task here as the sweep does, e.g. under a debugger: it writes to the task's directory. */
  taskLaunch(sweepId: string, task: number): Promise<TaskLaunch>;
  /** The analysis of a task that failed or is lost. */
  failure(sweepId: string, task: number): Promise<TaskFailure>;
  /** Failures by cause, biggest group first. */
  failureGroups(sweepId: string): Promise<readonly FailureGroup[]>;
  /**
   * A file of the project as it was when the sweep was started; on a checkout, as it was when the sweep was set up there.
   * Undefined when that is not known, e.g. for a file that git does not track, or a commit that only the checkout has.
   *
   * @param file - absolute
   * @param task - where it ran. Default: anywhere; then undefined where the sources ran different versions
   */
  codeAtLaunch(sweepId: string, file: string, task?: number): Promise<CodeAtLaunch | undefined>;
  results(sweepId: string): Promise<ResultTable>;
  /** The results as they come. @throws HsmError `input.invalid` when there is no such sweep */
  resultsOf(sweepId: string): ResultSource;
  /**
   * Brings home what the sources have of tasks that ended and is not here yet. By source; what went wrong is in its
   * report.
   */
  collect(
    sweepId: string,
    signal?: AbortSignal,
    options?: CollectOptions,
  ): Promise<ReadonlyMap<string, CollectionReport>>;
  /**
   * A piece of a task's log from where it runs, as far as it has come; of a task whose files are home the copy here. When
   * the source cannot be asked for the rest of a task that is over, what is here of it.
   *
   * @throws HsmError when the source cannot be asked, and nothing of it is here at that place
   */
  readTaskLog(
    sweepId: string,
    task: number,
    log: 'stdout' | 'stderr',
    range: FileRange,
    signal: AbortSignal,
  ): Promise<LogPiece>;
  /**
   * Where the directory of a task's current attempt lies; undefined when that is on this machine, or there is none.
   *
   * @throws HsmError `host.unreachable`, `host.refused` when the source was not asked yet and cannot be
   */
  taskPlace(sweepId: string, task: number): Promise<TaskPlace | undefined>;

  sources(): readonly SourceSummary[];
  testSource(name: string): Promise<SourceSummary>;
  /** Writes a source into the project's `.hsm/config.yaml`, keeping what is there. @throws HsmError `input.invalid` when the name is taken */
  addSource(name: string, fields: Readonly<Record<string, JsonValue>>): Promise<void>;
  /** What `cleanSource` would remove, with sizes; sweeps whose results are not all home and verified are kept. */
  cleanable(name: string): Promise<CleanPlan>;
  /** Removes what a plan lists from the source's own root. */
  clean(name: string, plan: CleanPlan): Promise<CleanPlan>;

  /** Connections to remote hosts. */
  readonly hosts: HostConnections;
  /** Copies of the project on remote hosts, and how they are kept in step. */
  readonly sync: SyncFacade;
}
