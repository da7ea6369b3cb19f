import type { Event } from '../base/event';
import type { ResultCollectionError } from '../collection/resultCollectionError';
import type { FilePiece, FileRange } from './host';

/** What a source runs: the reference documents' source type. */
export type SourceType = 'local' | 'ssh' | 'slurm' | 'pbs';

/** One try at a task. */
export interface AttemptRef {
  /** Task number, from 1. */
  readonly task: number;
  /** From 1. */
  readonly attempt: number;
}

/** Names an attempt within its sweep, as the key of a map. */
export function attemptKey({ task, attempt }: AttemptRef): string {
  return `${task}.${attempt}`;
}

/** A task as it is handed to a source: everything needed to run it, as data. */
export interface TaskSpec extends AttemptRef {
  /** Directory name of the task, e.g. `task_0012`. */
  readonly name: string;
  /** Program first. Each element reaches the program as it is; no shell reads it. */
  readonly argv: readonly string[];
  /** Variables for this task alone, besides those of the context and the `HSM_…` ones that every task gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Content of the task's `params.yaml`. */
  readonly paramsYaml: string;
  /** Seconds after which this attempt is ended, instead of what the context says; null: never. */
  readonly timeoutSec?: number | null;
  /** What a scheduler is asked for, instead of what the source's configuration says, e.g. `32G`. */
  readonly memory?: string;
}

/** The same for every task of one sweep on one source. */
export interface SweepContext {
  readonly sweepId: string;
  /** The project's root on this machine, absolute. */
  readonly projectDir: string;
  /** The sweep's directory on this machine, absolute. Exists. */
  readonly sweepDir: string;
  /** Variables for every task. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Shell lines that prepare the environment on the far side once per lane, e.g. `module load cuda`. Each is complete
   * in itself; when one fails nothing is started, which `status` tells as trouble.
   */
  readonly setup: readonly string[];
  /** Activated before those lines: an environment of conda by its name or path, or a virtual environment by its path. */
  readonly condaEnv?: string;
  /** Seconds after which an attempt is ended, unless its task says otherwise. Kept by the far side, so that it holds with nobody connected. */
  readonly timeoutSec?: number;
  /** Files of the project that never travel, as patterns of a `.gitignore`. */
  readonly codeExclude?: readonly string[];
  /** Names the state of the project's code that a copy of it is made of. Absent: the one at the first setup of a source. */
  readonly codeDigest?: string;
  /** Told how far the copying of the code to the source is, and undefined when that is over. */
  readonly onCodeProgress?: (progress: CollectionProgress | undefined) => void;
}

/** Which code a source runs for a sweep. */
export type CodePlace =
  /** An immutable copy; the digest names its content. */
  | { readonly kind: 'snapshot'; readonly digest: string }
  /** The user's own copy, as it stood when the sweep was set up. Without a commit: no repository. */
  | { readonly kind: 'checkout'; readonly commit?: string; readonly dirty?: boolean };

/** Where a sweep's tasks live on a source. Known after `setup`. */
export interface Placement {
  /** The project's root there; tasks run in it. */
  readonly projectDir: string;
  /** The directory that holds the tasks' directories there. */
  readonly tasksDir: string;
  /** Absent: the project on this machine as it is. */
  readonly code?: CodePlace;
}

/** What the engine wants of a source from now on. */
export interface SourceControl {
  /** Tasks at one time. */
  readonly slots: number;
  /** True: start nothing new; what runs goes on. */
  readonly paused: boolean;
}

/**
 * One thing that a source knows to have happened to an attempt, with its evidence. Times are milliseconds since
 * 1970 on the source's clock.
 */
export type AttemptRecord =
  | {
      readonly kind: 'started';
      readonly task: number;
      readonly attempt: number;
      readonly slot: number;
      readonly pid: number;
      readonly atMs: number;
    }
  | {
      readonly kind: 'ended';
      readonly task: number;
      readonly attempt: number;
      /** As a shell tells it: 128 + n for an end by signal n, which is also what a program may end with itself. */
      readonly exitCode: number;
      /** Why the runner ended it, where it did. */
      readonly endedBy?: 'timeout' | 'cancel';
      readonly atMs: number;
    }
  /** It started, there is no end record, and its process is proven gone. */
  | {
      readonly kind: 'lost';
      readonly task: number;
      readonly attempt: number;
      readonly evidence: string;
      readonly atMs: number;
    }
  /** Handed over but proven never to have started: it was taken back, or its lane died before the start. */
  | {
      readonly kind: 'released';
      readonly task: number;
      readonly attempt: number;
      readonly evidence: string;
      readonly atMs: number;
    };

/** Slots that stand idle for this sweep because others use them. They come round. */
export interface SlotWait {
  /** How many. */
  readonly slots: number;
  /** Ids of sweeps that use them, of any project. */
  readonly sweeps: readonly string[];
}

/** The news since a cursor. */
export interface SourceStatus {
  /** Where to read on. Opaque to the engine, which journals it together with the records. */
  readonly cursor: string;
  /** In the order in which they happened. */
  readonly records: readonly AttemptRecord[];
  /**
   * Whether something on the far side is working on what was handed over. `idle`: nothing is left to start or run;
   * `stopped`: something is left, and nothing is at work on it. Without a probe, what the last one found.
   */
  readonly runner: 'running' | 'idle' | 'stopped';
  /** Absent: no slot waits. Without a probe, what the last one found. */
  readonly waiting?: SlotWait;
  /** Nothing starts there until the user has changed something: a line of setup failed, as `trouble` tells. */
  readonly isBlocked?: true;
  /** A condition that the user should know of, e.g. `disk full: the runner starts no more tasks`. */
  readonly trouble?: string;
}

/** A graphics card as a check of a source found it. */
export interface HealthGpu {
  readonly index: number;
  readonly name: string;
  /** Its memory; absent where it does not tell. */
  readonly totalMiB?: number;
  /** Nobody works on it. */
  readonly free: boolean;
  /** Of its memory; absent where it does not tell. */
  readonly usedMiB?: number;
  /** Percent of its time; absent where it does not tell. */
  readonly utilization?: number;
  /** Who does, e.g. `ada: python (4711)`. */
  readonly users?: readonly string[];
}

/** Something that a check found. */
export interface HealthFinding {
  /** `error`: tasks could not run there. */
  readonly severity: 'error' | 'warning';
  /** A sentence. */
  readonly text: string;
  /** What to do about it, as a sentence; absent: the text says it. */
  readonly fix?: string;
}

/** A check of a source before or while it is used. */
export interface HealthReport {
  readonly state: 'healthy' | 'degraded' | 'unhealthy';
  /** What is wrong, each a sentence with what to do. Empty when healthy. */
  readonly problems: readonly string[];
  /** The same, one for one. Absent: each is as bad as the state. */
  readonly findings?: readonly HealthFinding[];
  /** Of a round trip; absent: it did not answer. */
  readonly latencyMs?: number;
  /** Bytes on the file system that takes the results. */
  readonly disk?: { readonly freeBytes: number; readonly totalBytes: number; readonly freeInodes?: number };
  readonly memory?: { readonly freeBytes: number; readonly totalBytes: number };
  /** How far the clock there is ahead of this machine's, milliseconds. */
  readonly clockOffsetMs?: number;
  readonly gpus?: readonly HealthGpu[];
  /** Tools found there, name → version or path; absent ones are missing from it. */
  readonly tools?: Readonly<Record<string, string>>;
  /** Load average over one minute, and cores. */
  readonly load?: { readonly oneMinute: number; readonly cores: number };
}

/** A file of a task that stayed on the far side. */
export interface LeftOutFile {
  readonly task: number;
  /** Relative to the task's directory. */
  readonly path: string;
  /** Why, e.g. `is larger than 500 MiB`. */
  readonly reason: string;
  /** Of a plain file. */
  readonly bytes?: number;
  /** The configuration says by its name that it is to stay. */
  readonly isByChoice?: true;
}

/** Files that stayed there, named or not. */
export interface LeftOutTotal {
  readonly files: number;
  readonly bytes: number;
}

/** What came home. */
export interface CollectionReport {
  /** Tasks whose files are here, compared by size and content. */
  readonly collected: readonly number[];
  readonly failed: readonly number[];
  /** That crossed the connection. */
  readonly bytes: number;
  readonly errors: readonly string[];
  /** What the first of the errors is, for those who act on it; absent: nothing failed. */
  readonly failure?: ResultCollectionError;
  /** What stayed there because of the configuration or its kind, the largest of it, the largest first; absent: nothing. */
  readonly leftOut?: readonly LeftOutFile[];
  /** Of all that stayed there in this collection; absent: nothing. */
  readonly leftOutTotal?: LeftOutTotal;
}

/** What to bring home, and who wants to see it come. */
export interface CollectOptions {
  /** Only logs and metrics of tasks that go on: nothing is compared, and nothing counts as collected. */
  readonly whileRunning?: boolean;
  /**
   * They are the files of this earlier attempt, whose tasks went on elsewhere: they go where those are kept, see
   * `earlierTasksDir`.
   */
  readonly earlierAttempt?: number;
  /** Waited for right before files appear here: the last time to abort before any does. */
  readonly beforeAppearing?: () => Promise<void>;
  readonly onProgress?: (progress: CollectionProgress) => void;
}

/** How far a collection is. */
export interface CollectionProgress {
  readonly bytes: number;
  /** At most. */
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
}

/**
 * A place where the tasks of one sweep run: a launcher on a host.
 *
 * The engine decides what runs and when; a source only carries it out. A source keeps no state that the far side
 * does not have too, so a restarted editor picks up where it stopped. Every method is safe to repeat.
 */
export interface ComputeSource {
  /** Unique in the project and stable across restarts. */
  readonly name: string;
  readonly type: SourceType;
  /** Tasks at one time, by the project's configuration. */
  readonly maxSlots: number;
  /** Fires when `status` is likely to have news; polling finds them too. */
  readonly onDidChange?: Event<void>;

  /**
   * Makes the far side ready for the sweep: directories, runner, environment. Call before anything but `healthCheck`.
   *
   * @throws HsmError `source.unavailable` when tasks could not run there
   */
  setup(context: SweepContext, signal: AbortSignal): Promise<Placement>;

  /**
   * Hands tasks over. Resolves when the source has durably accepted them, not when they start. They start in their
   * order, batches in the order of their tokens' text.
   *
   * @param token - names the batch within sweep and source; a batch whose token is known already is not accepted twice
   */
  submit(token: string, tasks: readonly TaskSpec[], signal: AbortSignal): Promise<void>;

  /** Sets slots and pause, and sees to it that a runner is at work when there is work. */
  control(control: SourceControl, signal: AbortSignal): Promise<void>;

  /**
   * Tells what happened since `cursor` (undefined: since the beginning): all that was recorded when it was asked, perhaps
   * some of what came since.
   *
   * @param probe - also prove of each started attempt without an end whether its process lives, which costs more.
   *   Without it the records are only those that tasks left behind.
   * @throws HsmError `source.unavailable` when the source cannot be seen; that says nothing about its tasks
   */
  status(cursor: string | undefined, probe: boolean, signal: AbortSignal): Promise<SourceStatus>;

  /**
   * Ends attempts: those not started are taken back (`released` in the next status), running ones get SIGTERM and
   * after a delay SIGKILL, with all their children. Resolves when the request is taken. Ended attempts are skipped.
   */
  cancel(attempts: readonly AttemptRef[], signal: AbortSignal): Promise<void>;

  /**
   * Takes back attempts that have not started; the others go on. What was taken back is `released` in the next status.
   * An attempt that was never handed over is taken back too: it does not start when it is handed over later.
   */
  withdraw(attempts: readonly AttemptRef[], signal: AbortSignal): Promise<void>;

  /**
   * Finds the sweep where an earlier `setup` put it, and changes nothing there. After it, tasks' files can be read and
   * collected. Undefined: nothing of the sweep is there. Absent: `setup` serves for that too.
   */
  attach?(context: SweepContext, signal: AbortSignal): Promise<Placement | undefined>;

  /**
   * Brings the directories of tasks (number → name) into the sweep directory. On this machine they are there already.
   * One task that cannot be brought does not keep the others.
   */
  collectResults(
    tasks: ReadonlyMap<number, string>,
    signal: AbortSignal,
    options?: CollectOptions,
  ): Promise<CollectionReport>;

  /**
   * A piece of a file of a task as it is there now, e.g. of `stdout.log` while the task runs. See `Host.readRange`.
   *
   * @param task - name of the task's directory
   * @param file - relative to it
   */
  readTaskFile(task: string, file: string, range: FileRange, signal: AbortSignal): Promise<FilePiece>;

  healthCheck(signal: AbortSignal): Promise<HealthReport>;

  /** Releases what this object holds on this side (watchers, connections). Tasks go on. */
  cleanup(): Promise<void>;
}
