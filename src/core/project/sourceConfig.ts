/** What every kind of source can have. Paths are text as written: `~` and `$VAR` are not expanded. */
interface CommonFields {
  /** Tasks at one time. Absent: the adapter's choice (on this machine the number of cores). */
  readonly slots?: number;
  /** The GPUs that may be used, by index. Absent: all that are found; empty: none. */
  readonly gpus?: readonly number[];
  /** GPUs that one task gets. Absent: none. */
  readonly gpusPerTask?: number;
  /** Variables for every task there. */
  readonly env: Readonly<Record<string, string>>;
  /** Shell lines that prepare the environment, e.g. `module load cuda`. */
  readonly setup: readonly string[];
  readonly condaEnv?: string;
  /** Interpreter there, instead of the project's. */
  readonly python?: string;
}

/** Fields of sources on another machine. */
interface RemoteFields {
  /** An alias of `~/.ssh/config`. */
  readonly host: string;
  /** Folder there for what the product keeps. Default `~/.hsm`. */
  readonly root: string;
  /** The user's copy of the project there. */
  readonly checkout?: string;
}

/** Fields of sources with a scheduler. */
interface SchedulerFields extends Omit<CommonFields, 'gpus'> {
  /** GPUs of one task. */
  readonly gpus?: number;
  readonly gpuType?: string;
  /** Seconds. */
  readonly walltimeSec?: number;
  readonly cpus?: number;
  /** As the scheduler writes it, e.g. `16G`. */
  readonly memory?: string;
  readonly account?: string;
  readonly modules: readonly string[];
  /** Array elements at one time. */
  readonly throttle?: number;
  /** More directives of the scheduler, name → value (empty: a flag). */
  readonly directives: Readonly<Record<string, string>>;
}

/** This machine. */
export interface LocalSourceConfig extends CommonFields {
  readonly type: 'local';
}

/** Another machine over SSH, without a scheduler. */
export interface SshSourceConfig extends CommonFields, RemoteFields {
  readonly type: 'ssh';
}

/** A Slurm cluster; without `host` the one that this machine belongs to. */
export interface SlurmSourceConfig extends SchedulerFields, Partial<RemoteFields> {
  readonly type: 'slurm';
  readonly partition?: string;
  readonly qos?: string;
}

/** A PBS cluster; without `host` the one that this machine belongs to. */
export interface PbsSourceConfig extends SchedulerFields, Partial<RemoteFields> {
  readonly type: 'pbs';
  readonly queue?: string;
}

/** A configured compute source. */
export type SourceConfig = LocalSourceConfig | SshSourceConfig | SlurmSourceConfig | PbsSourceConfig;

/** A source as one file says it: any field may come from the other file, also its type. */
export type SourceFields = Partial<LocalSourceConfig | SshSourceConfig | SlurmSourceConfig | PbsSourceConfig>;
