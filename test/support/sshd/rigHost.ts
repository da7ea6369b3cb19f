import { readFileSync } from 'node:fs';
import type { AnyAuthMethod } from 'ssh2';
import { systemClock } from '../../../src/adapters/clock/systemClock';
import type { Authenticator } from '../../../src/adapters/ssh/auth/authenticator';
import type { HostKeyVerifier } from '../../../src/adapters/ssh/hostKeys/hostKeyVerifier';
import { connectSsh2 } from '../../../src/adapters/ssh/ssh2/connectSsh2';
import type { Gatekeepers } from '../../../src/adapters/ssh/ssh2/loginSsh2';
import { Ssh2Transport } from '../../../src/adapters/ssh/ssh2/ssh2Transport';
import { SshHost } from '../../../src/adapters/ssh/sshHost';
import { SshSession } from '../../../src/adapters/ssh/sshSession';
import type { SshTarget } from '../../../src/adapters/ssh/sshTarget';
import { silentLogger } from '../../../src/core/base/logger';

/** What of a rig a connection needs. */
export interface Reachable {
  readonly alias: string;
  readonly port: number;
  readonly user: string;
  readonly keyFile: string;
}

/** The way to a rig through a proxy, under the name `box`. */
export function behind(proxy: { readonly port: number }, { user, keyFile }: Reachable): Reachable {
  return { alias: 'box', port: proxy.port, user, keyFile };
}

/** A rig as a target; `jumps` are the rigs to go through. */
export function toTarget(rig: Reachable, ...jumps: readonly Reachable[]): SshTarget {
  return {
    alias: rig.alias,
    hostName: '127.0.0.1',
    port: rig.port,
    user: rig.user,
    identityFiles: [rig.keyFile],
    certificateFiles: [],
    identitiesOnly: true,
    jumps: jumps.map((jump) => toTarget(jump)),
    knownHosts: { files: [], hash: false, policy: 'yes' },
    connectTimeoutMs: 10_000,
    aliveIntervalMs: 0,
    preferredAuthentications: [],
    needsOpenSsh: [],
    forbidsSsh2: [],
  };
}

/** Trusts whatever host, and logs in with the first key of the target: tests of what comes after that. */
export function trustingGatekeepers(target: SshTarget): Promise<Gatekeepers> {
  const [keyFile = ''] = target.identityFiles;
  const key = readFileSync(keyFile);
  let isTried = false;
  const authenticator: Authenticator = {
    authHandler: (_methods, _partial, next) => {
      const go: (method: AnyAuthMethod | false) => void = next as never;
      go(isTried ? false : { type: 'publickey', username: target.user, key });
      isTried = true;
    },
    usedInteraction: false,
    waitsForUser: false,
    attach: () => undefined,
    failure: () => undefined,
  };
  const verifier: HostKeyVerifier = {
    serverHostKey: ['ssh-ed25519'],
    hostVerifier: () => true,
    usedInteraction: false,
    waitsForUser: false,
    refusal: () => undefined,
  };
  return Promise.resolve({ authenticator, verifier });
}

/** A connection to a rig by ssh2. */
export async function connectTo(rig: Reachable, ...jumps: readonly Reachable[]): Promise<Ssh2Transport> {
  const options = { clock: systemClock, log: silentLogger, gatekeepers: trustingGatekeepers };
  const connection = await connectSsh2(toTarget(rig, ...jumps), options, new AbortController().signal);
  return new Ssh2Transport(connection, systemClock, silentLogger);
}

/** A connection to a rig by ssh2, and the host over it. */
export async function openRigHost(
  rig: Reachable,
  ...jumps: readonly Reachable[]
): Promise<{ host: SshHost; session: SshSession; transport: Ssh2Transport }> {
  const transport = await connectTo(rig, ...jumps);
  const session = new SshSession(transport, rig.alias, silentLogger);
  const host = new SshHost(rig.alias, () => Promise.resolve(session), silentLogger);
  return { host, session, transport };
}
