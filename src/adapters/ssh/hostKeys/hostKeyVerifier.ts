import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { HsmError } from '../../../core/base/errors';
import type { Logger } from '../../../core/base/logger';
import type { ConnectionPrompts } from '../../../core/compute/connectionPrompts';
import type { SshTarget } from '../sshTarget';

export interface HostKeyVerifierOptions {
  readonly target: SshTarget;
  /** Undefined: the user may not be asked. */
  readonly prompts: ConnectionPrompts | undefined;
  readonly log: Logger;
}

/** Judges the host key of one server on one connection. */
export interface HostKeyVerifier {
  /** For `algorithms.serverHostKey`: what known_hosts has of the host comes first. */
  readonly serverHostKey: ServerHostKeyAlgorithm[];
  /** For `Client.connect`. Answers at once for a key that it judged before, as a re-key demands. */
  readonly hostVerifier: (key: Buffer, answer: (isTrusted: boolean) => void) => boolean | undefined;
  /** True once the user was asked. */
  readonly usedInteraction: boolean;
  /** True while an answer of the user is awaited: no deadline of the handshake counts then. */
  readonly waitsForUser: boolean;
  /** Why the key was refused; undefined when it was not. */
  refusal(): HsmError<'host.refused'> | undefined;
}

/** Reads known_hosts. `signal` takes back an open question. */
export function createHostKeyVerifier(
  _options: HostKeyVerifierOptions,
  _signal: AbortSignal,
): Promise<HostKeyVerifier> {
  throw new Error('not written yet');
}
