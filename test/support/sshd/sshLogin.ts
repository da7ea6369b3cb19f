import { once } from 'node:events';
import { connect } from 'node:net';
import { Client } from 'ssh2';
import { ALGORITHMS, createAuthenticator } from '../../../src/adapters/ssh/auth/authenticator';
import { createHostKeyVerifier } from '../../../src/adapters/ssh/hostKeys/hostKeyVerifier';
import type { SshTarget } from '../../../src/adapters/ssh/sshTarget';
import type { Logger } from '../../../src/core/base/logger';
import type {
  ConnectionPrompts,
  HostKeyQuestion,
  SecretAnswer,
  SecretRequest,
  SecretStore,
} from '../../../src/core/compute/connectionPrompts';

/** Answers questions with what a test says, and keeps what was asked. */
export class ScriptedUser implements ConnectionPrompts {
  readonly requests: SecretRequest[] = [];
  readonly questions: HostKeyQuestion[] = [];

  /** @param answers - one for each request, in their order; none left: the user declines */
  constructor(
    private readonly answers: (readonly string[])[] = [],
    private readonly remember = false,
    private readonly trusts = true,
  ) {}

  askSecrets(request: SecretRequest): Promise<SecretAnswer | undefined> {
    this.requests.push(request);
    const values = this.answers[this.requests.length - 1];
    return Promise.resolve(values && { values, remember: this.remember });
  }

  confirmHostKey(question: HostKeyQuestion): Promise<boolean> {
    this.questions.push(question);
    return Promise.resolve(this.trusts);
  }
}

/** A store in memory. */
export class MemorySecrets implements SecretStore {
  constructor(readonly kept = new Map<string, string>()) {}

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.kept.get(key));
  }

  set(key: string, secret: string): Promise<void> {
    this.kept.set(key, secret);
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.kept.delete(key);
    return Promise.resolve();
  }
}

/** Everything that was logged, whatever the level. */
export class KeptLog implements Logger {
  readonly lines: string[] = [];
  readonly error = this.keep('error');
  readonly warn = this.keep('warn');
  readonly info = this.keep('info');
  readonly debug = this.keep('debug');

  get text(): string {
    return this.lines.join('\n');
  }

  private keep(level: string): (message: string) => void {
    return (message) => this.lines.push(`${level} ${message}`);
  }
}

export interface LoginOptions {
  readonly prompts?: ConnectionPrompts;
  readonly secrets?: SecretStore;
  readonly log?: Logger;
}

/** Logs in to a server and out again: resolves with whether the user was asked, rejects with why not. */
export async function logIn(target: SshTarget, options: LoginOptions = {}): Promise<{ asked: boolean }> {
  const { prompts, secrets = new MemorySecrets(), log = new KeptLog() } = options;
  const { signal } = new AbortController();
  const verifier = await createHostKeyVerifier({ target, prompts, log }, signal);
  const authenticator = createAuthenticator({ target, prompts, secrets, log }, signal);
  const socket = connect(target.port, target.hostName);
  await once(socket, 'connect');
  const client = new Client();
  const closed = new Promise<void>((resolve) => client.once('close', resolve));
  try {
    await new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.once('ready', resolve);
      void closed.then(() => {
        reject(new Error('the server closed the connection'));
      });
      client.connect({
        sock: socket,
        username: target.user,
        readyTimeout: 0,
        algorithms: { ...ALGORITHMS, serverHostKey: verifier.serverHostKey },
        hostVerifier: verifier.hostVerifier,
        authHandler: authenticator.authHandler,
      });
      authenticator.attach(client);
    });
    return { asked: authenticator.usedInteraction };
  } catch (error) {
    throw verifier.refusal() ?? authenticator.failure(error as Error) ?? error;
  } finally {
    client.on('error', () => undefined);
    client.end();
    await closed;
  }
}
