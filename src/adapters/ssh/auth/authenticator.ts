import type { Algorithms, AuthHandlerMiddleware, Client } from 'ssh2';
import type { HsmError } from '../../../core/base/errors';
import type { Logger } from '../../../core/base/logger';
import type { ConnectionPrompts, SecretStore } from '../../../core/compute/connectionPrompts';
import type { SshTarget } from '../sshTarget';

export interface AuthenticatorOptions {
  readonly target: SshTarget;
  /** Undefined: the user may not be asked. */
  readonly prompts: ConnectionPrompts | undefined;
  readonly secrets: SecretStore;
  readonly log: Logger;
}

/** Proves to one server, on one connection, who the user is. */
export interface Authenticator {
  /** For `Client.connect`. */
  readonly authHandler: AuthHandlerMiddleware;
  /** True once the user was asked: a repetition would ask again. */
  readonly usedInteraction: boolean;
  /** True while an answer of the user is awaited: no deadline of the handshake counts then. */
  readonly waitsForUser: boolean;
  /** To be called in the same turn as, and right after, `client.connect(…)`. */
  attach(client: Client): void;
  /**
   * Why the connection did not come about, where authentication is why; else undefined.
   *
   * @param cause - what the client reported, if anything
   */
  failure(cause?: Error): HsmError<'host.refused'> | undefined;
}

/** An authenticator for one connection. `signal` takes back open questions. */
export function createAuthenticator(_options: AuthenticatorOptions, _signal: AbortSignal): Authenticator {
  throw new Error('not written yet');
}

/** What is offered to every server, but the order of host keys. */
export const ALGORITHMS: Algorithms = {};
