import { HsmError } from '../../../core/base/errors';
import type { AuthPrompter, GivenSecret } from './authPrompter';
import { passphraseKey } from './secretKeys';
import { parsePrivateKey, type PrivateKey } from './privateKey';

/** Opens key files, asking for passphrases, each once. */
export class Passphrases {
  constructor(
    private readonly host: string,
    private readonly prompter: AuthPrompter,
  ) {}

  /**
   * Opens a private key.
   *
   * @throws HsmError `host.refused` when the passphrase is wrong or not given: nothing else is tried then
   * @throws Error when the key is of no use
   */
  async open(path: string, text: string): Promise<PrivateKey> {
    const plain = await parsePrivateKey(text);
    if (plain.kind === 'key') return plain.key;
    if (plain.kind === 'unusable') throw new Error(plain.reason);
    const given = await this.ask(path);
    const opened = await parsePrivateKey(text, given.value);
    if (opened.kind === 'unusable') throw new Error(opened.reason);
    if (opened.kind === 'key') {
      await given.keep();
      return opened.key;
    }
    if (given.isRemembered) await this.prompter.forget(passphraseKey(path));
    throw this.refused(
      given.isRemembered
        ? `The passphrase that was kept for ${path} is wrong. It is forgotten now.`
        : `The passphrase of ${path} is wrong.`,
    );
  }

  private ask(path: string): Promise<GivenSecret> {
    return this.prompter.secret(passphraseKey(path), {
      host: this.host,
      kind: 'passphrase',
      subject: path,
      instructions: '',
      fields: [{ text: `Passphrase of ${path}: `, echo: false }],
      canRemember: true,
    });
  }

  private refused(message: string): HsmError<'host.refused'> {
    return new HsmError('host.refused', message, {
      host: this.host,
      hint: 'Try again to enter it, or add the key to an agent with ssh-add.',
    });
  }
}
