import type { SourceType } from '../compute/computeSource';

/** What every kind of source can have. Paths are text as written: `~` and `$VAR` are not expanded. */
interface CommonFields {
  /** Tasks at one time. Absent: the adapter's choice (on this machine the number of cores). */
  readonly slots?: number;
  /** The GPUs that may be used: indices, or how many of the first. Absent: all that are found; none: `[]` or 0. */
  readonly gpus?: readonly number[] | number;
  /** GPUs that one task gets. Absent: one, when `gpus` names some, else none. */
  readonly gpusPerTask?: number;
  /** Variables for every task there. */
  readonly env: Readonly<Record<string, string>>;
  /** Shell lines that prepare the environment, e.g. `module load cuda`. */
  readonly setup: readonly string[];
  readonly condaEnv?: string;
  /** Interpreter there, instead of the project's. */
  readonly python?: string;
}

/** Which files of a task's directory come home. */
export interface CollectRules {
  /** Patterns as in a `.gitignore`, relative to the task's directory. Absent: everything. */
  readonly include?: readonly string[];
  /** Patterns of what stays there, also of what `include` names. */
  readonly exclude?: readonly string[];
  /** Larger files stay there. */
  readonly maxBytes?: number;
}

/** How the product works on another machine. */
interface AwayFields {
  /** Folder there for what the product keeps. */
  readonly root: string;
  /** The user's copy of the project there. */
  readonly checkout?: string;
  /** What tasks run: an immutable copy that each sweep brings, or the user's copy as it is. */
  readonly code: CodeChoice;
  /** How the host is reached. Default `auto`. */
  readonly transport?: 'auto' | 'ssh2' | 'openssh';
  /** What is removed there at the end of a sweep: nothing, or what is home and was compared. Default `never`. */
  readonly cleanup?: 'never' | 'verified';
  readonly collect?: CollectRules;
  /** Tells this project from others under one root. Filled in when a sweep starts. */
  readonly projectId?: string;
}

/** See {@link AwayFields}. */
export type CodeChoice = 'snapshot' | 'checkout';

/** Fields of sources on another machine. */
interface RemoteFields extends AwayFields {
  /** An alias of `~/.ssh/config`. */
  readonly host: string;
}

/** Fields of sources with a scheduler, whose GPUs are those of one task. */
interface SchedulerFields extends Omit<CommonFields, 'gpus' | 'gpusPerTask'>, AwayFields {
  /** See {@link RemoteFields}; absent: this machine belongs to the cluster. */
  readonly host?: string;
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
  /** GPUs that the configuration names and the host does not have. Filled in when a sweep starts. */
  readonly missingGpus?: readonly number[];
}

/** A Slurm cluster. */
export interface SlurmSourceConfig extends SchedulerFields {
  readonly type: 'slurm';
  readonly partition?: string;
  readonly qos?: string;
}

/** A PBS cluster. */
export interface PbsSourceConfig extends SchedulerFields {
  readonly type: 'pbs';
  readonly queue?: string;
}

/** A configured compute source. */
export type SourceConfig = LocalSourceConfig | SshSourceConfig | SlurmSourceConfig | PbsSourceConfig;

type AllFields = Omit<CommonFields, 'gpus'> &
  Omit<SchedulerFields, 'gpus'> &
  Pick<SlurmSourceConfig, 'partition' | 'qos'> &
  Pick<PbsSourceConfig, 'queue'> & { readonly type: SourceType; readonly gpus: readonly number[] | number };

/** A source as one file says it: any field may come from the other file, also its type. */
export type SourceFields = Partial<AllFields>;

const DEFAULT_ROOT = '~/.hsm';

/** Gives the fields that no file says their defaults; a sentence when a field that is needed is missing. */
export function completeSource(fields: SourceFields): SourceConfig | string {
  const {
    type,
    host,
    root = DEFAULT_ROOT,
    gpus,
    code = fields.checkout ? 'checkout' : 'snapshot',
    ...rest
  } = fields;
  const common = { ...rest, env: fields.env ?? {}, setup: fields.setup ?? [] };
  if (type !== 'local' && code === 'checkout' && fields.checkout === undefined)
    return '`code: checkout` needs `checkout`, the path of your copy there';
  switch (type) {
    case undefined:
      return 'it has no `type` (local, ssh, slurm or pbs)';
    case 'local':
      return { ...common, type, ...(gpus !== undefined && { gpus }) };
    case 'ssh':
      if (host === undefined) return 'it has no `host`';
      return { ...common, type, host, root, code, ...(gpus !== undefined && { gpus }) };
    case 'slurm':
    case 'pbs': {
      if (typeof gpus === 'object') return '`gpus` is a number on a cluster: how many one task gets';
      const { modules = [], directives = {} } = fields;
      const place = { root, code, ...(host !== undefined && { host }) };
      return { ...common, ...place, type, modules, directives, ...(gpus !== undefined && { gpus }) };
    }
  }
}
