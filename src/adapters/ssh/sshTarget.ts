/** A host to connect to, as `~/.ssh/config` describes it: everything expanded, nothing executed. */
export interface SshTarget {
  /** What the user calls it. */
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Absolute paths, in the order of the configuration. May not exist. */
  readonly identityFiles: readonly string[];
  /** Absolute paths of certificates named by `CertificateFile`. */
  readonly certificateFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** Socket of the agent; undefined: none is to be used. */
  readonly agentSocket?: string;
  /** Hosts to go through, in order, the first one reached directly. Each with its own keys and host key. */
  readonly jumps: readonly SshTarget[];
  readonly knownHosts: {
    /** Absolute paths: the user's first, then the system's. */
    readonly files: readonly string[];
    /** The file that takes new entries: the first of the user's. Undefined: none does. */
    readonly newEntriesIn?: string;
    /** The name to look up instead of the host's. */
    readonly alias?: string;
    /** Whether new entries are written with hashed names. */
    readonly hash: boolean;
    /** `ask`: show and ask; `accept-new`: take unknown ones, refuse changed ones; `yes`: only known ones. */
    readonly policy: 'ask' | 'accept-new' | 'yes';
  };
  readonly connectTimeoutMs: number;
  /** 0: the product's own. */
  readonly aliveIntervalMs: number;
  /** As `PreferredAuthentications` orders them; empty: the usual order. */
  readonly preferredAuthentications: readonly string[];
  /** What only the system's `ssh` can do for this host, each a sentence, e.g. `It is reached by the ProxyCommand …` */
  readonly needsOpenSsh: readonly string[];
  /** Those of them without which it would be another way or another host, or trusted for less: ssh2 is not to be used at all. */
  readonly forbidsSsh2: readonly string[];
}
