import { HsmError } from '../../../core/base/errors';
import type {
  ConnectionPrompts,
  SecretAnswer,
  SecretRequest,
  SecretStore,
} from '../../../core/compute/connectionPrompts';

/** A secret that was given, or was kept from an earlier time. */
export interface GivenSecret {
  readonly value: string;
  /** Nobody was asked: it was kept. */
  readonly isRemembered: boolean;
  /** To be called when it proved right: keeps it if the user wants that. */
  keep(): Promise<void>;
}

/** Asks the user on behalf of one connection, and remembers that it did. */
export class AuthPrompter {
  usedInteraction = false;
  /** What the server was last given of what the user answered, e.g. `The password of ada@gpubox`. */
  answered: string | undefined;
  private open = 0;

  constructor(
    private readonly host: string,
    /** Undefined: the user may not be asked. */
    private readonly prompts: ConnectionPrompts | undefined,
    private readonly secrets: SecretStore,
    private readonly signal: AbortSignal,
  ) {}

  get mayAsk(): boolean {
    return this.prompts !== undefined;
  }

  get isWaiting(): boolean {
    return this.open > 0;
  }

  /** Runs something that the user has to act for, e.g. touch a key. */
  async whileWaiting<T>(section: () => Promise<T>): Promise<T> {
    this.open++;
    try {
      return await section();
    } finally {
      this.open--;
    }
  }

  /**
   * A secret of one field: the kept one, else the user's.
   *
   * @throws HsmError `host.refused` when there is no answer
   */
  async secret(key: string, request: SecretRequest): Promise<GivenSecret> {
    const kept = await this.secrets.get(key);
    if (kept !== undefined) return { value: kept, isRemembered: true, keep: () => Promise.resolve() };
    const { values, remember } = await this.ask(request);
    const [value = ''] = values;
    return {
      value,
      isRemembered: false,
      keep: () => (remember ? this.secrets.set(key, value) : Promise.resolve()),
    };
  }

  hasKept(key: string): Promise<boolean> {
    return this.secrets.get(key).then((value) => value !== undefined);
  }

  /** A kept secret proved wrong. */
  forget(key: string): Promise<void> {
    return this.secrets.delete(key);
  }

  /** @throws HsmError `host.refused` when there is no answer */
  async ask(request: SecretRequest): Promise<SecretAnswer> {
    const { prompts } = this;
    if (!prompts) throw this.unasked(request);
    this.usedInteraction = true;
    const answer = await this.whileWaiting(() => prompts.askSecrets(request, this.signal));
    if (answer?.values.length === request.fields.length) {
      // Of a passphrase the server knows nothing: it may be the key that it refuses.
      if (request.kind !== 'passphrase') this.answered = `${WHAT[request.kind]} ${request.subject}`;
      return answer;
    }
    throw new HsmError('host.refused', `${WHAT[request.kind]} ${request.subject} was not entered.`, {
      host: this.host,
      hint: 'Try again to be asked again.',
    });
  }

  private unasked({ kind, subject }: SecretRequest): HsmError<'host.refused'> {
    return new HsmError(
      'host.refused',
      `${this.host} needs ${WHAT[kind].toLowerCase()} ${subject}, and nobody is to be asked now.`,
      { host: this.host, hint: 'Connect to it by hand to enter it.' },
    );
  }
}

const WHAT: Readonly<Record<SecretRequest['kind'], string>> = {
  password: 'The password of',
  passphrase: 'The passphrase of',
  'keyboard-interactive': 'An answer for',
};
