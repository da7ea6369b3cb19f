import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from '../requirement';
import { accountEnv, writeAccountFiles } from './account';

/** A host for {@link writeSshConfig}: a rig, or one with another port because a proxy is before it. */
export interface ConfiguredRig {
  readonly alias: string;
  readonly port: number;
  readonly user: string;
  readonly keyFile: string;
  readonly hostKey: string;
  /** Lines of its entry, heeded before the usual ones, e.g. `ProxyJump host1`. */
  readonly config?: string;
}

/** The client's side: a home with `.ssh/config` and `.ssh/known_hosts` that lead to the hosts. */
export interface SshClientHome {
  readonly home: string;
  readonly configFile: string;
  readonly knownHostsFile: string;
  /** Makes programs take `home` for the user's. `ssh` looks it up in the accounts, HOME is nothing to it. */
  readonly env: NodeJS.ProcessEnv;
}

/** Writes the client's side into `dir`, which need not exist. Its path should have no spaces. */
export function writeSshConfig(hosts: readonly ConfiguredRig[], dir: string): SshClientHome {
  const ssh = join(dir, '.ssh');
  mkdirSync(ssh, { recursive: true, mode: 0o700 });
  const [configFile, knownHostsFile] = [join(ssh, 'config'), join(ssh, 'known_hosts')];
  writeFileSync(configFile, hosts.map((host) => entry(host, knownHostsFile)).join('\n'), { mode: 0o600 });
  writeFileSync(
    knownHostsFile,
    hosts.map(({ port, hostKey }) => `[127.0.0.1]:${port} ${hostKey}\n`).join(''),
  );
  writeAccountFiles(ssh, 'dana', dir, findCommand('sh') ?? '/bin/sh');
  return { home: dir, configFile, knownHostsFile, env: { HOME: dir, ...accountEnv(ssh) } };
}

function entry({ alias, port, user, keyFile, config = '' }: ConfiguredRig, knownHostsFile: string): string {
  const lines = [
    ...config.split('\n').filter(Boolean),
    'HostName 127.0.0.1',
    `Port ${port}`,
    `User ${user}`,
    `IdentityFile ${keyFile}`,
    'IdentitiesOnly yes',
    `UserKnownHostsFile ${knownHostsFile}`,
  ];
  return [`Host ${alias}`, ...lines.map((line) => `  ${line}`), ''].join('\n');
}
