import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Clock } from '../../../core/base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../../../core/base/lifecycle';
import { ALGORITHMS, type Authenticator } from '../auth/authenticator';
import type { HostKeyVerifier } from '../hostKeys/hostKeyVerifier';
import { onAbort } from '../onAbort';
import type { SshTarget } from '../sshTarget';
import { toConnectFailure, type ConnectPhase } from './connectFailure';

/** Who judges a server, and who answers it. New for every connection. */
export interface Gatekeepers {
  readonly verifier: HostKeyVerifier;
  readonly authenticator: Authenticator;
}

const HANDSHAKE_TIMEOUT_MS = 20_000;
/** Servers that look users up in a slow directory take their time. */
const AUTHENTICATION_TIMEOUT_MS = 60_000;
const DEADLINE_TICK_MS = 500;

/**
 * Logs in to one server over a stream that leads to it. When the call rejects the stream is closed.
 *
 * @throws HsmError `host.refused` or `host.unreachable`
 */
export async function loginSsh2(
  target: SshTarget,
  socket: Duplex,
  { verifier, authenticator }: Gatekeepers,
  clock: Clock,
  signal: AbortSignal,
): Promise<Client> {
  // Loaded at the first connection: most windows never need it.
  const { Client } = await import('ssh2');
  const client = new Client();
  const watch = new DisposableStore();
  let phase: ConnectPhase = 'handshake';
  let cause: Error | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      client.on('error', (error: Error & { level?: string }) => {
        cause ??= error;
        // A key that the agent would not sign with is one key less; the others are tried yet.
        if (error.level !== 'agent' && error.level !== 'client-authentication') reject(error);
      });
      client.once('handshake', () => {
        phase = 'authentication';
      });
      client.once('ready', resolve);
      client.once('close', () => {
        reject(cause ?? new Error('the server closed the connection'));
      });
      watch.add(onAbort(signal, reject));
      watch.add(watchDeadline(clock, () => phase, [verifier, authenticator], reject));
      client.connect({
        sock: socket,
        username: target.user,
        // Ours know of open questions, and of data that is on its way.
        readyTimeout: 0,
        keepaliveInterval: 0,
        algorithms: { ...ALGORITHMS, serverHostKey: verifier.serverHostKey },
        hostVerifier: verifier.hostVerifier,
        authHandler: authenticator.authHandler,
      });
      authenticator.attach(client);
    });
    return client;
  } catch (error) {
    client.destroy();
    socket.destroy();
    signal.throwIfAborted();
    throw (
      verifier.refusal() ?? authenticator.failure(cause) ?? toConnectFailure(target, phase, cause ?? error)
    );
  } finally {
    watch.dispose();
  }
}

/** Each phase has its time, which stands still while the user is asked something. */
function watchDeadline(
  clock: Clock,
  phase: () => ConnectPhase,
  askers: readonly { readonly waitsForUser: boolean }[],
  reject: (reason: Error) => void,
): Disposable {
  let current = phase();
  let leftMs = HANDSHAKE_TIMEOUT_MS;
  const tick = (): void => {
    if (phase() !== current) {
      current = phase();
      leftMs = AUTHENTICATION_TIMEOUT_MS;
    }
    if (!askers.some((asker) => asker.waitsForUser)) leftMs -= DEADLINE_TICK_MS;
    if (leftMs <= 0) reject(new Error('the server did not answer in time'));
    else timer = clock.after(DEADLINE_TICK_MS, tick);
  };
  let timer = clock.after(DEADLINE_TICK_MS, tick);
  return toDisposable(() => {
    timer.dispose();
  });
}
