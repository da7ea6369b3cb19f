import { foreignLine, foreignLines } from '../../../core/analysis/foreignLine';
import type { SshTarget } from '../sshTarget';
import type { AuthPrompter, GivenSecret } from './authPrompter';
import { describeUser } from './refusedLogin';

/** One round of questions of a server, in its own words. */
export interface Questions {
  readonly name: string;
  readonly instructions: string;
  readonly prompts: readonly { readonly prompt: string; readonly echo?: boolean }[];
}

/** The keyboard-interactive dialogue of one login: any number of rounds. @see RFC 4256 */
export class Dialogue {
  /** The password, where the server began by asking for it and nothing else. */
  kept: GivenSecret | undefined;
  private rounds = 0;

  constructor(
    private readonly target: SshTarget,
    private readonly prompter: AuthPrompter,
    private readonly passwordKey: string,
  ) {}

  /** The same, where nothing was asked after it: what the server refused was the password. */
  get onlyAnswer(): GivenSecret | undefined {
    return this.rounds === 1 ? this.kept : undefined;
  }

  /** @throws HsmError `host.refused` when the user does not answer */
  async answer({ name, instructions, prompts }: Questions): Promise<string[]> {
    this.rounds++;
    const fields = prompts.map(({ prompt, echo }) => ({
      text: `${foreignLine(prompt)} `,
      echo: echo === true,
    }));
    // A kept password answers nothing but the first question, and only if that asks for a password in so many words.
    const isPassword = this.rounds === 1 && fields.length === 1 && fields.every(asksForPassword);
    const request = {
      host: this.target.alias,
      kind: 'keyboard-interactive' as const,
      subject: describeUser(this.target),
      instructions: [name, instructions]
        .flatMap((text) => foreignLines(text))
        .filter((line) => line.trim() !== '')
        .join('\n'),
      fields,
      canRemember: isPassword,
    };
    if (!isPassword) return [...(await this.prompter.ask(request)).values];
    this.kept = await this.prompter.secret(this.passwordKey, request);
    return [this.kept.value];
  }
}

function asksForPassword(field: { readonly text: string; readonly echo: boolean }): boolean {
  return !field.echo && isPasswordPrompt(field.text);
}

/** `Password: `, `ada's password:`, `(ada@gpubox) Password for ada:`; not `One-time password:` or `New password:`. */
export function isPasswordPrompt(text: string): boolean {
  return /^(\(\S+\) )?(\S+'s )?password( for \S+?)?\s*:?\s*$/i.test(text);
}
