import { connect, type Socket } from 'node:net';
import { onAbort } from '../onAbort';

/** An address on the network. */
export interface Address {
  readonly hostName: string;
  readonly port: number;
}

/** How long one of several addresses of a name is tried before the next joins in; Node's 250 ms are few for a far host. */
const NEXT_ADDRESS_AFTER_MS = 1_000;

/**
 * Opens a TCP connection. ssh2 gets it made because, made by ssh2, it would hold small packets back: fifteen times
 * the latency of a command.
 *
 * @throws Error of `node:net`, or one with the code `ETIMEDOUT`
 */
export function dialTcp(address: Address, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({
      host: address.hostName,
      port: address.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    });
    const fail = (error: Error): void => {
      clearTimeout(timer);
      listening.dispose();
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => {
      fail(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
    }, timeoutMs);
    const listening = onAbort(signal, fail);
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      listening.dispose();
      socket.off('error', fail);
      // Whoever uses it learns of its end by `close`; an error that nobody listens for would end the process.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
