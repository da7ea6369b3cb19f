import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { errorText } from '../../../core/base/errors';
import type { Logger } from '../../../core/base/logger';
import type { ConfiguredHost } from '../../../core/compute/hostConnections';
import type { SshTarget } from '../sshTarget';
import type { ConfigEnvironment, ConfigFile } from './configEnvironment';
import { readConfigTree, type ConfigNode } from './configTree';
import { isAlias } from './jump';
import { resolveTarget } from './resolveTarget';

/** The user's SSH configuration. Every question reads it anew. */
export interface SshConfigSource {
  /** @throws HsmError `host.refused` as {@link resolveTarget} does */
  resolve(alias: string): Promise<SshTarget>;
  /** Entries that name one host, in their order. One that cannot be resolved is logged and left out. */
  configuredHosts(): Promise<ConfiguredHost[]>;
}

/** The configuration in `environment`. */
export function sshConfigIn(environment: ConfigEnvironment, log: Logger): SshConfigSource {
  const resolve = (alias: string): Promise<SshTarget> => resolveTarget(alias, environment);
  return {
    resolve,
    configuredHosts: async () => {
      const roots = await readConfigTree('', environment);
      const aliases = new Set(roots.flatMap((root) => [...namesIn(root.nodes)]));
      const hosts: ConfiguredHost[] = [];
      for (const alias of aliases) {
        try {
          const { hostName, user, port } = await resolve(alias);
          hosts.push({ alias, hostName, user, port });
        } catch (error) {
          log.warn(`${alias} of the SSH configuration is left out: ${errorText(error)}`);
        }
      }
      return hosts;
    },
  };
}

function* namesIn(nodes: readonly ConfigNode[]): Generator<string> {
  for (const node of nodes) {
    if (node.kind === 'setting') continue;
    if (node.kind === 'host') yield* node.words.filter((word) => !/[*?!]/.test(word) && isAlias(word));
    yield* namesIn(node.nodes);
  }
}

/** Where the files lie; what is left out is this machine's. */
export interface OpenSshConfigOptions {
  readonly home?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: `~/.ssh/config` and the system's `ssh_config`. */
  readonly configFiles?: readonly ConfigFile[];
}

/** `~/.ssh/config` and the system's configuration of this machine. */
export function openSshConfig(log: Logger, options: OpenSshConfigOptions = {}): SshConfigSource {
  return sshConfigIn(machineEnvironment(options), log);
}

/** This machine as {@link resolveTarget} sees it. */
export function machineEnvironment(options: OpenSshConfigOptions = {}): ConfigEnvironment {
  const isWindows = process.platform === 'win32';
  const env = options.env ?? process.env;
  const home = options.home ?? homedir();
  const system = isWindows
    ? join(env['PROGRAMDATA'] ?? 'C:\\ProgramData', 'ssh', 'ssh_config')
    : '/etc/ssh/ssh_config';
  return {
    home,
    ...userOf(env),
    hostName: hostname(),
    env,
    configFiles: options.configFiles ?? [
      { path: join(home, '.ssh', 'config'), isUsers: true },
      { path: system, isUsers: false },
    ],
    ...(isWindows && { defaultAgent: '\\\\.\\pipe\\openssh-ssh-agent' }),
    readFile: readConfigFile,
    listDir: (path) => absentAs([], readdir(path)),
  };
}

function userOf(env: Readonly<Record<string, string | undefined>>): { userName: string; uid: number } {
  try {
    const { username, uid } = userInfo();
    return { userName: username, uid };
  } catch {
    // The user has no entry in the password file, as in some containers.
    return { userName: env['USER'] ?? env['USERNAME'] ?? 'user', uid: process.getuid?.() ?? 0 };
  }
}

/** As ssh does, a user's file that somebody else may write is not trusted: it could name a command. */
async function readConfigFile({ path, isUsers }: ConfigFile): Promise<string | undefined> {
  const found = await absentAs(undefined, stat(path));
  if (!found) return undefined;
  const isForeign = found.uid !== 0 && found.uid !== process.getuid?.();
  if (isUsers && process.platform !== 'win32' && (isForeign || (found.mode & 0o022) !== 0)) {
    throw new Error('other users may write it (ssh refuses it too: chmod 600, and own it)');
  }
  return readFile(path, 'utf8');
}

async function absentAs<T>(value: T, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return value;
    throw error;
  }
}
