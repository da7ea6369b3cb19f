/** One field to fill in. */
export interface PromptField {
  /** The server's own words, e.g. `Verification code: `; without control characters. */
  readonly text: string;
  /** Whether what is typed may be seen. */
  readonly echo: boolean;
}

/** Something that only the user knows, needed to connect. */
export interface SecretRequest {
  /** The alias that the user gave the host. */
  readonly host: string;
  readonly kind: 'password' | 'passphrase' | 'keyboard-interactive';
  /** What is asked about: `ada@gpubox.example`, or the key file of a passphrase. */
  readonly subject: string;
  /** The server's name for the dialogue and its instructions, without control characters; may be empty. */
  readonly instructions: string;
  /** At least one. */
  readonly fields: readonly PromptField[];
  /** Whether the answer may be kept: so for passwords and passphrases, never for codes. */
  readonly canRemember: boolean;
}

export interface SecretAnswer {
  /** One for each field. */
  readonly values: readonly string[];
  /** The user wants the answer to be kept. */
  readonly remember: boolean;
}

/** A host key that nobody has vouched for yet. */
export interface HostKeyQuestion {
  readonly host: string;
  /** Name and port that it was found under. */
  readonly address: string;
  /** e.g. `ssh-ed25519`. */
  readonly keyType: string;
  /** e.g. `SHA256:…`. */
  readonly fingerprint: string;
  /** What known_hosts has of this host under other key types; mostly empty. */
  readonly knownAs: readonly string[];
}

/** Asks the user what a connection needs. */
export interface ConnectionPrompts {
  /** Undefined: the user does not want to answer. */
  askSecrets(request: SecretRequest, signal: AbortSignal): Promise<SecretAnswer | undefined>;
  /** Whether the key is trusted from now on. */
  confirmHostKey(question: HostKeyQuestion, signal: AbortSignal): Promise<boolean>;
}

/** Where nobody can be asked: every question is answered by no. */
export const NO_PROMPTS: ConnectionPrompts = {
  askSecrets: () => Promise.resolve(undefined),
  confirmHostKey: () => Promise.resolve(false),
};

/** Keeps nothing. */
export const NO_SECRETS: SecretStore = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
  delete: () => Promise.resolve(),
};

/** Keeps secrets that the user wants kept, encrypted by the system. */
export interface SecretStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, secret: string): Promise<void>;
  delete(key: string): Promise<void>;
}
