import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Clock } from '../../../core/base/clock';
import { errorText, HsmError } from '../../../core/base/errors';
import { toDisposable, type Disposable } from '../../../core/base/lifecycle';
import type { Logger } from '../../../core/base/logger';
import type { SshTarget } from '../sshTarget';
import { toConnectFailure } from './connectFailure';
import { dialTcp } from './dialTcp';
import { loginSsh2, type Gatekeepers } from './loginSsh2';
import { widenWindow } from './receiveWindow';
import { countSignsOfLife } from './socketLife';

export interface ConnectOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Makes the two for one server, which may be a jump host. */
  gatekeepers(target: SshTarget, signal: AbortSignal): Promise<Gatekeepers>;
}

/** Logged-in clients, one in another: the last one is the host's, those before it are the hosts that it goes through. */
export interface Ssh2Connection extends Disposable {
  readonly client: Client;
  readonly target: SshTarget;
  /** Grows with the signs of life of the network connection that carries it all. */
  readonly signsOfLife: () => number;
  /** Lets go without a word to anybody. */
  destroy(): void;
}

/** How long a server has for its part of a farewell. */
const FAREWELL_MS = 2_000;

/**
 * Connects to a host, through its jump hosts where it has some; every hop is judged under its own name.
 *
 * @throws HsmError `host.refused` or `host.unreachable`
 */
export async function connectSsh2(
  target: SshTarget,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Ssh2Connection> {
  const hops = [...target.jumps, target];
  options.log.debug(
    `${target.alias}: connecting to ${hops.map((hop) => `${hop.hostName}:${hop.port}`).join(', then ')}`,
  );
  const clients: Client[] = [];
  const sockets: Socket[] = [];
  try {
    for (const hop of hops) {
      const gatekeepers = await options.gatekeepers(hop, signal);
      const through = clients.at(-1);
      const road = through ? await forward(through, hop, signal) : await dial(hop, signal);
      if (road instanceof Socket) sockets.push(road);
      clients.push(await loginSsh2(hop, road, gatekeepers, options.clock, signal));
    }
  } catch (error) {
    for (const client of clients.reverse()) client.destroy();
    throw error;
  }
  const signs = sockets.map(countSignsOfLife);
  return bundle(target, clients, () => signs.reduce((sum, count) => sum + count(), 0), options.clock);
}

function dial(hop: SshTarget, signal: AbortSignal): Promise<Socket> {
  return dialTcp(hop, hop.connectTimeoutMs, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw toConnectFailure(hop, 'network', error);
  });
}

function forward(through: Client, hop: SshTarget, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const timeout = AbortSignal.timeout(hop.connectTimeoutMs);
    const either = AbortSignal.any([signal, timeout]);
    either.addEventListener('abort', () => {
      reject(signal.aborted ? (signal.reason as Error) : toConnectFailure(hop, 'network', timedOut()));
    });
    through.forwardOut('127.0.0.1', 0, hop.hostName, hop.port, (error, channel) => {
      if (error) reject(toForwardFailure(hop, error));
      else if (either.aborted) channel.destroy();
      else resolve(widenWindow(channel));
    });
  });
}

function timedOut(): Error {
  return Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
}

/** Reason 1 of RFC 4254, 5.1: the jump host may not, or will not, go there for us. */
function toForwardFailure(hop: SshTarget, error: Error & { reason?: number | string }): HsmError {
  const text = errorText(error);
  if (error.reason !== 1) return toConnectFailure(hop, 'network', error);
  return new HsmError(
    'host.refused',
    `The jump host of ${hop.alias} does not connect to ${hop.hostName}:${hop.port}: ${text}.`,
    { host: hop.alias, hint: 'Its sshd may forbid it (AllowTcpForwarding, PermitOpen).' },
    { cause: error },
  );
}

function bundle(
  target: SshTarget,
  clients: readonly Client[],
  signsOfLife: () => number,
  clock: Clock,
): Ssh2Connection {
  const client = clients.at(-1);
  if (!client) throw new Error('a connection without a client');
  const destroy = (): void => {
    for (const each of [...clients].reverse()) each.destroy();
  };
  // With the host's own connection nobody needs its jump hosts any more.
  client.once('close', destroy);
  const farewell = toDisposable(() => {
    const timer = clock.after(FAREWELL_MS, destroy);
    client.once('close', () => {
      timer.dispose();
    });
    client.end();
  });
  return {
    client,
    target,
    signsOfLife,
    destroy,
    dispose: () => {
      farewell.dispose();
    },
  };
}
