import type { Algorithms, AnyAuthMethod, AuthHandlerMiddleware, Client, NextAuthHandler } from 'ssh2';
import { foreignLine } from '../../../core/analysis/foreignLine';
import { errorText, HsmError } from '../../../core/base/errors';
import type { Logger } from '../../../core/base/logger';
import type { ConnectionPrompts, SecretStore } from '../../../core/compute/connectionPrompts';
import type { SshTarget } from '../sshTarget';
import { AuthPrompter, type GivenSecret } from './authPrompter';
import { Dialogue } from './dialogue';
import { findKeys, type KeyCandidate, type KeyCandidates } from './keyCandidates';
import { Passphrases } from './passphrases';
import { passwordKey } from './secretKeys';
import { describeRefusal, describeUser } from './refusedLogin';
import { StandInKeys } from './ssh2PublicKey';

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
export function createAuthenticator(options: AuthenticatorOptions, signal: AbortSignal): Authenticator {
  return new Login(options, signal);
}

/**
 * What is offered to every server, but for the order of host keys: nothing that rests on SHA-1. The lists are those
 * of ssh2 without the weak ones, because it refuses names that the runtime's OpenSSL lacks.
 */
export const ALGORITHMS: Algorithms = {
  hmac: without('hmac-sha1', 'hmac-sha1-etm@openssh.com'),
  compress: ['none'],
};

function without<T>(...remove: T[]): Record<'append' | 'prepend' | 'remove', T[]> {
  return { append: [], prepend: [], remove };
}

type Method = 'publickey' | 'keyboard-interactive' | 'password';
const USUAL_ORDER: readonly Method[] = ['publickey', 'keyboard-interactive', 'password'];

/** sshd allows six failures by default; one is left for the answer to a question. */
const MAX_KEYS = 5;

/**
 * The course of one login. The server names the methods that it takes; keys are offered one by one, and whatever the
 * user is asked for is asked for once: a secret that the server refuses ends the login.
 */
class Login implements Authenticator {
  private readonly prompter: AuthPrompter;
  private readonly passwordKey: string;
  private readonly dialogue: Dialogue;
  private readonly standIns = new StandInKeys();
  private candidates: KeyCandidates | undefined;
  private offered = 0;
  /** The method whose outcome is awaited. */
  private current: Method | 'none' | undefined;
  /** Methods that are done with: passed, or without anything left to try. */
  private readonly spent = new Set<Method>();
  private wanted: readonly string[] = [];
  private readonly tried: string[] = [];
  private password: GivenSecret | undefined;
  private stopped: HsmError<'host.refused'> | undefined;
  private goOn: NextAuthHandler | undefined;

  constructor(
    private readonly options: AuthenticatorOptions,
    signal: AbortSignal,
  ) {
    const { target, prompts, secrets } = options;
    this.prompter = new AuthPrompter(target.alias, prompts, secrets, signal);
    this.passwordKey = passwordKey(target);
    this.dialogue = new Dialogue(target, this.prompter, this.passwordKey);
  }

  get usedInteraction(): boolean {
    return this.prompter.usedInteraction;
  }

  get waitsForUser(): boolean {
    return this.prompter.isWaiting;
  }

  attach(client: Client): void {
    const { alias } = this.options.target;
    this.standIns.signRequests(client, (key, error) => {
      this.keyFailed(key, error);
    });
    client.on('banner', (message) => {
      this.options.log.info(`${alias} says: ${foreignLine(message, 2000)}`);
    });
    client.on('change password', () => {
      this.stop(
        this.refusal(`The password of ${describeUser(this.options.target)} has expired.`, CHANGE_HINT),
      );
      this.proceed(false);
    });
    client.once('ready', () => {
      this.succeeded().catch((error: unknown) => {
        this.options.log.warn(`${alias}: the password was not kept: ${errorText(error)}`);
      });
    });
  }

  readonly authHandler: AuthHandlerMiddleware = (methodsLeft, isPartial, next) => {
    this.goOn = next;
    // Null before the server has named any.
    const methods = methodsLeft as readonly string[] | null;
    this.decide(methods, isPartial).then(
      (method) => {
        this.proceed(method);
      },
      (error: unknown) => {
        this.stop(error);
        this.proceed(false);
      },
    );
  };

  failure(cause?: Error & { code?: unknown }): HsmError<'host.refused'> | undefined {
    if (this.stopped) return this.stopped;
    // The server's farewell has a number for its reason; a lost connection has none.
    if (this.current !== undefined && typeof cause?.code === 'number') {
      return this.exhausted(` The server said: ${foreignLine(cause.message)}.`);
    }
    if (!this.usedInteraction) return undefined;
    return this.refusal(
      `${this.options.target.alias} closed the connection while ${describeUser(this.options.target)} was logging in.`,
      'It may have waited too long for the answer. Try again.',
    );
  }

  /** What to try next. False: nothing. */
  private async decide(
    methods: readonly string[] | null,
    isPartial: boolean,
  ): Promise<AnyAuthMethod | false> {
    const username = this.options.target.user;
    if (methods === null) {
      this.current = 'none';
      return { type: 'none', username };
    }
    this.wanted = methods;
    await this.settle(isPartial);
    for (const method of await this.order(methods)) {
      this.current = method;
      const attempt = await this.attempt(method, username);
      if (attempt) return attempt;
      this.spent.add(method);
    }
    this.stop(this.exhausted());
    return false;
  }

  /** Draws the conclusion from the last attempt, which was not enough. */
  private async settle(isPartial: boolean): Promise<void> {
    const { current } = this;
    if (current === undefined || current === 'none') return;
    if (isPartial) {
      this.options.log.debug(`${this.options.target.alias}: ${current} was accepted, more is wanted`);
      this.spent.add(current);
      if (current === 'password') await this.password?.keep();
      return;
    }
    if (current === 'publickey') return;
    const given = current === 'password' ? this.password : this.dialogue.onlyAnswer;
    if (given?.isRemembered === true) await this.prompter.forget(this.passwordKey);
    const what = current === 'password' || given ? 'password' : 'answer';
    const user = describeUser(this.options.target);
    throw given?.isRemembered === true
      ? this.refusal(
          `The password that was kept for ${user} was not accepted. It is forgotten now.`,
          AGAIN_HINT,
        )
      : this.refusal(`The ${what} for ${user} was not accepted.`, AGAIN_HINT);
  }

  private async order(methods: readonly string[]): Promise<Method[]> {
    const { preferredAuthentications } = this.options.target;
    const preferred = USUAL_ORDER.filter((method) => preferredAuthentications.includes(method)).sort(
      (a, b) => preferredAuthentications.indexOf(a) - preferredAuthentications.indexOf(b),
    );
    let order = preferredAuthentications.length > 0 ? preferred : [...USUAL_ORDER];
    // A kept password answers by itself, where a dialogue may want more.
    if (preferred.length === 0 && (await this.prompter.hasKept(this.passwordKey))) {
      order = ['publickey', 'password', 'keyboard-interactive'];
    }
    return order.filter((method) => methods.includes(method) && !this.spent.has(method));
  }

  private async attempt(method: Method, username: string): Promise<AnyAuthMethod | undefined> {
    if (method === 'publickey') return this.nextKey(username);
    if (!this.prompter.mayAsk && !(await this.prompter.hasKept(this.passwordKey))) return undefined;
    this.tried.push(method);
    if (method === 'password') {
      this.password = await this.prompter.secret(this.passwordKey, this.passwordRequest());
      return { type: 'password', username, password: this.password.value };
    }
    return {
      type: 'keyboard-interactive',
      username,
      prompt: (name, instructions, _language, prompts, finish) => {
        this.dialogue.answer({ name, instructions, prompts }).then(finish, (error: unknown) => {
          this.stop(error);
          this.proceed(false);
        });
      },
    };
  }

  private async nextKey(username: string): Promise<AnyAuthMethod | undefined> {
    const { target, log } = this.options;
    this.candidates ??= await findKeys(target, new Passphrases(target.alias, this.prompter), log);
    const key = this.offered < MAX_KEYS ? this.candidates.keys[this.offered++] : undefined;
    if (!key) return undefined;
    log.debug(`${target.alias}: offering ${key.label}`);
    this.tried.push(key.label);
    const waiting = { ...key, sign: (data: Buffer) => this.prompter.whileWaiting(() => key.sign(data)) };
    return this.standIns.method(username, waiting);
  }

  /** The server would have taken the key. */
  private keyFailed(key: KeyCandidate, error: unknown): void {
    const { target, log } = this.options;
    if (HsmError.is(error, 'host.refused')) {
      this.stop(error);
      this.proceed(false);
      return;
    }
    log.warn(`${target.alias}: ${key.label} could not be used: ${errorText(error)}`);
    this.tried.push(`${key.label} (${errorText(error)})`);
    if (this.goOn) this.authHandler([...this.wanted] as never, false, this.goOn);
  }

  private proceed(method: AnyAuthMethod | false): void {
    // ssh2 takes false for the end of all methods, which its types do not know.
    this.goOn?.(method as AnyAuthMethod);
  }

  private stop(error: unknown): void {
    if (HsmError.is(error, 'host.refused')) this.stopped ??= error;
    else {
      const { target, log } = this.options;
      log.error(
        `${target.alias}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      this.stopped ??= this.refusal(`${target.alias}: logging in failed: ${errorText(error)}.`, AGAIN_HINT);
    }
  }

  private async succeeded(): Promise<void> {
    await this.password?.keep();
    await this.dialogue.kept?.keep();
  }

  private exhausted(farewell = ''): HsmError<'host.refused'> {
    const { candidates, offered } = this;
    return describeRefusal(this.options.target, {
      wanted: this.wanted,
      tried: this.tried,
      leftOut: candidates?.leftOut ?? [],
      notOffered: Math.max(0, (candidates?.keys.length ?? 0) - offered),
      mayAsk: this.prompter.mayAsk,
      farewell,
    });
  }

  private refusal(message: string, hint: string): HsmError<'host.refused'> {
    return new HsmError('host.refused', message, { host: this.options.target.alias, hint });
  }

  private passwordRequest(): Parameters<AuthPrompter['ask']>[0] {
    const user = describeUser(this.options.target);
    return {
      host: this.options.target.alias,
      kind: 'password',
      subject: user,
      instructions: '',
      fields: [{ text: `Password of ${user}: `, echo: false }],
      canRemember: true,
    };
  }
}

const AGAIN_HINT = 'Try again to be asked again.';
const CHANGE_HINT = 'Log in with ssh in a terminal to change it.';
