/** A file that configures ssh. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  /** The user's own, not the system's: relative includes start at `~/.ssh` instead of `/etc/ssh`. */
  readonly isUsers: boolean;
}

/** What a configuration is read with: this machine, or one made up for a test. */
export interface ConfigEnvironment {
  /** Absolute, without a slash at its end. */
  readonly home: string;
  /** Name of the user on this machine. */
  readonly userName: string;
  /** Name of this machine, perhaps with its domain. */
  readonly hostName: string;
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** In the order of their weight: the user's first. Absent files are fine. */
  readonly configFiles: readonly ConfigFile[];
  /** The agent where nothing names one: on Windows a pipe. */
  readonly defaultAgent?: string;
  /** Undefined: there is no such file. */
  readFile(file: ConfigFile): Promise<string | undefined>;
  /** Names in a directory; none when there is no such directory. */
  listDir(path: string): Promise<readonly string[]>;
}
