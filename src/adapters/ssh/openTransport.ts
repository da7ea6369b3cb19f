import type { Clock } from '../../core/base/clock';
import type { Logger } from '../../core/base/logger';
import type { ConnectionPrompts, SecretStore } from '../../core/compute/connectionPrompts';
import { createAuthenticator } from './auth/authenticator';
import type { OpenedTransport } from './hostConnection';
import { createHostKeyVerifier } from './hostKeys/hostKeyVerifier';
import { connectSsh2 } from './ssh2/connectSsh2';
import { Ssh2Transport } from './ssh2/ssh2Transport';
import type { SshTarget } from './sshTarget';

/** How a source wants its host to be reached. */
export type TransportChoice = 'auto' | 'ssh2' | 'openssh';

export interface OpenTransportOptions {
  readonly target: SshTarget;
  readonly choice: TransportChoice;
  /** Undefined: the user may not be asked. */
  readonly prompts: ConnectionPrompts | undefined;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Connects to a host in the way that was chosen. @throws HsmError `host.refused` or `host.unreachable` */
export function openTransport(options: OpenTransportOptions, signal: AbortSignal): Promise<OpenedTransport> {
  return openSsh2(options, signal);
}

async function openSsh2(options: OpenTransportOptions, signal: AbortSignal): Promise<OpenedTransport> {
  const { target, clock, log, prompts, secrets } = options;
  const connection = await connectSsh2(
    target,
    {
      clock,
      log,
      gatekeepers: async (hop) => ({
        verifier: await createHostKeyVerifier({ target: hop, prompts, log }, signal),
        authenticator: createAuthenticator({ target: hop, prompts, secrets, log }, signal),
      }),
    },
    signal,
  );
  return { transport: new Ssh2Transport(connection, clock, log) };
}
