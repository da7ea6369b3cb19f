import type { SshTarget } from '../sshTarget';

/** What a configuration is read with: the machine, or a made-up one. */
export interface ConfigEnvironment {
  /** Absolute; ends without a slash. */
  readonly home: string;
  /** Name of the user on this machine. */
  readonly userName: string;
  /** Name of this machine. */
  readonly hostName: string;
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's file first, then the system's. Absent ones are fine. */
  readonly configFiles: readonly { readonly path: string; readonly isUsers: boolean }[];
  /** Undefined: no such file. */
  readFile(path: string): Promise<string | undefined>;
  /** Absolute paths that a pattern stands for, sorted. */
  glob(pattern: string): Promise<readonly string[]>;
}

/**
 * What `ssh ALIAS` would connect to. Nothing is executed.
 *
 * @throws HsmError `host.refused` when the alias is not one, or the configuration cannot be used
 */
export function resolveTarget(_alias: string, _environment: ConfigEnvironment): Promise<SshTarget> {
  throw new Error('not written yet');
}
