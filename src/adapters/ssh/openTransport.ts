import type { Clock } from '../../core/base/clock';
import { errorText, HsmError } from '../../core/base/errors';
import type { Logger } from '../../core/base/logger';
import type { ConnectionPrompts, SecretStore } from '../../core/compute/connectionPrompts';
import { createAuthenticator } from './auth/authenticator';
import type { OpenedTransport } from './hostConnection';
import { isKnownByAuthority } from './hostKeys/hostKeyRefusal';
import { createHostKeyVerifier } from './hostKeys/hostKeyVerifier';
import { chooseTransport } from './openssh/chooseTransport';
import { connectOpenSsh } from './openssh/openSshTransport';
import { findSsh } from './openssh/sshProgram';
import { lacksAlgorithm } from './ssh2/connectFailure';
import { connectSsh2 } from './ssh2/connectSsh2';
import type { Gatekeepers } from './ssh2/loginSsh2';
import { Ssh2Transport } from './ssh2/ssh2Transport';
import type { SshTarget } from './sshTarget';
import type { SshTransport } from './sshTransport';

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
  /** For the system's `ssh`, instead of `~/.ssh/config`. */
  readonly configFile?: string;
}

/** Connects to a host in the way that was chosen. @throws HsmError `host.refused` or `host.unreachable` */
export async function openTransport(
  options: OpenTransportOptions,
  signal: AbortSignal,
): Promise<OpenedTransport> {
  const { target, choice, log } = options;
  const { kind, because } = chooseTransport(target, choice);
  if (because !== undefined) log.info(`${target.alias}: ${because}`);
  const why = because === undefined ? {} : { because };
  if (kind === 'openssh') return { transport: await connectOpenSsh(options, signal), ...why };
  try {
    return { transport: await openSsh2(options, signal), ...why };
  } catch (error) {
    if (choice !== 'auto' || !canSystemSsh(error)) throw error;
    log.info(`${target.alias}: ${errorText(error)}`);
    const transport = await connectOpenSsh(options, signal);
    return { transport, because: `The system's ssh is used. ${errorText(error)}` };
  }
}

/** Whether what keeps ssh2 from a host is nothing to the system's `ssh`, and there is one. */
function canSystemSsh(error: unknown): boolean {
  return (lacksAlgorithm(error) || isKnownByAuthority(error)) && findSsh(process.env) !== undefined;
}

async function openSsh2(options: OpenTransportOptions, signal: AbortSignal): Promise<SshTransport> {
  const { target, clock, log, prompts, secrets } = options;
  const askers: { readonly usedInteraction: boolean }[] = [];
  const gatekeepers = async (hop: SshTarget): Promise<Gatekeepers> => {
    const verifier = await createHostKeyVerifier({ target: hop, prompts, log }, signal);
    const authenticator = createAuthenticator({ target: hop, prompts, secrets, log }, signal);
    askers.push(verifier, authenticator);
    return { verifier, authenticator };
  };
  try {
    const connection = await connectSsh2(target, { clock, log, gatekeepers }, signal);
    return new Ssh2Transport(connection, clock, log);
  } catch (error) {
    const hasAsked = askers.some(({ usedInteraction }) => usedInteraction);
    if (!hasAsked || !HsmError.is(error, 'host.unreachable')) throw error;
    // Tried again by itself it would ask again.
    const details = { host: target.alias, hint: 'Try again.' };
    throw new HsmError('host.refused', error.message, details, { cause: error });
  }
}
