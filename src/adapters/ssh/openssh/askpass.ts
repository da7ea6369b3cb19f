import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { errorText, HsmError } from '../../../core/base/errors';
import type { Disposable } from '../../../core/base/lifecycle';
import type { Logger } from '../../../core/base/logger';
import type { ConnectionPrompts } from '../../../core/compute/connectionPrompts';
import type { AuthPrompter } from '../auth/authPrompter';
import type { SshTarget } from '../sshTarget';
import { parseAskpass } from './askpassQuestion';

/** What `ssh` starts for a question: hands it over a socket, prints the answer. */
const PROGRAM = `
const socket = require('node:net').connect(process.env.HSM_ASKPASS_SOCKET);
const { HSM_ASKPASS_TOKEN: token, SSH_ASKPASS_PROMPT: hint } = process.env;
let answer = '';
socket.setEncoding('utf8');
socket.on('data', (text) => (answer += text));
socket.on('error', () => process.exit(1));
socket.on('end', () => {
  if (!answer) process.exit(1);
  process.stdout.write(JSON.parse(answer) + '\\n');
});
socket.write(JSON.stringify({ token, hint, text: process.argv[2] || '' }) + '\\n');
`;

/** VS Code's own binary is a Node when told so. */
const SCRIPT = `#!/bin/sh
ELECTRON_RUN_AS_NODE=1 exec "$HSM_ASKPASS_NODE" "$HSM_ASKPASS_PROGRAM" "$@"
`;

const MAX_QUESTION_BYTES = 64 * 1024;

export interface AskpassOptions {
  readonly target: SshTarget;
  /** Only the user may enter it. */
  readonly dir: string;
  readonly prompter: AuthPrompter;
  /** Undefined: the user may not be asked. */
  readonly prompts: ConnectionPrompts | undefined;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Answers the questions of one `ssh` while it logs in. The token that a question must carry is good for this one login:
 * disposing ends it.
 */
export class Askpass implements Disposable {
  /** Why there was no answer; the first reason. */
  refusal: HsmError<'host.refused'> | undefined;
  /** Keys of kept secrets that were used. */
  readonly usedSecrets: string[] = [];
  private readonly token = randomBytes(32).toString('hex');
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly keeping: (() => Promise<void>)[] = [];

  private constructor(private readonly options: AskpassOptions) {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      // A question that was taken back.
      socket.on('error', () => undefined);
      this.listen(socket);
    });
  }

  static async start(options: AskpassOptions): Promise<Askpass> {
    const askpass = new Askpass(options);
    writeFileSync(join(options.dir, 'askpass'), SCRIPT, { mode: 0o700 });
    writeFileSync(join(options.dir, 'askpass.cjs'), PROGRAM, { mode: 0o600 });
    askpass.server.listen(join(options.dir, 'askpass.socket'));
    await once(askpass.server, 'listening');
    return askpass;
  }

  /** Variables that make `ssh` ask here. */
  get env(): NodeJS.ProcessEnv {
    const { dir } = this.options;
    return {
      SSH_ASKPASS: join(dir, 'askpass'),
      SSH_ASKPASS_REQUIRE: 'force',
      // Before 8.4 ssh asks a program only where it believes in a display.
      DISPLAY: process.env['DISPLAY'] ?? ':0',
      HSM_ASKPASS_SOCKET: join(dir, 'askpass.socket'),
      HSM_ASKPASS_TOKEN: this.token,
      HSM_ASKPASS_NODE: process.execPath,
      HSM_ASKPASS_PROGRAM: join(dir, 'askpass.cjs'),
    };
  }

  /** The login succeeded: keeps what the user wants kept. */
  async keepSecrets(): Promise<void> {
    for (const keep of this.keeping) await keep();
  }

  dispose(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private listen(socket: Socket): void {
    let received = '';
    socket.setEncoding('utf8');
    const read = (text: string): void => {
      received += text;
      if (received.length > MAX_QUESTION_BYTES) socket.destroy();
      else if (received.includes('\n')) {
        socket.off('data', read);
        void this.respond(received, socket);
      }
    };
    socket.on('data', read);
  }

  private async respond(message: string, socket: Socket): Promise<void> {
    try {
      const { token, hint, text } = JSON.parse(message) as { token?: string; hint?: string; text?: string };
      if (!this.isOurs(token)) throw new Error('a question without the right token');
      const answer = await this.answer(text ?? '', hint);
      if (answer !== undefined) socket.end(JSON.stringify(answer));
      else if (hint !== 'none') socket.end();
      // A notice stays open until ssh takes it back.
    } catch (error) {
      if (HsmError.is(error, 'host.refused')) this.refusal ??= error;
      else
        this.options.log.warn(
          `${this.options.target.alias}: a question of ssh was not answered: ${errorText(error)}`,
        );
      socket.end();
    }
  }

  private isOurs(token: string | undefined): boolean {
    const [given, expected] = [Buffer.from(token ?? ''), Buffer.from(this.token)];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  private async answer(text: string, hint: string | undefined): Promise<string | undefined> {
    const { target, prompter, prompts, log, signal } = this.options;
    const host = target.alias;
    const asked = parseAskpass(text, hint, target);
    switch (asked.kind) {
      case 'notice':
      case 'confirm':
        log.info(`${host}: ssh says: ${asked.text}`);
        return undefined;
      case 'hostKey': {
        if (!prompts) {
          const { keyType, fingerprint } = asked.question;
          const message = `The host key of ${host} is not known yet: ${keyType} ${fingerprint}.`;
          throw new HsmError('host.refused', message, {
            host,
            hint: 'Connect to it by hand to see the key and trust it.',
          });
        }
        prompter.usedInteraction = true;
        const isTrusted = await prompter.whileWaiting(() => prompts.confirmHostKey(asked.question, signal));
        if (isTrusted) return 'yes';
        const message = `The host key of ${host} was not accepted: ${asked.question.fingerprint}.`;
        this.refusal ??= new HsmError('host.refused', message, {
          host,
          hint: 'Try again to be asked again.',
        });
        return 'no';
      }
      case 'secret': {
        if (asked.key === undefined) return (await prompter.ask(asked.request)).values[0] ?? '';
        const given = await prompter.secret(asked.key, asked.request);
        if (given.isRemembered) this.usedSecrets.push(asked.key);
        this.keeping.push(() => given.keep());
        return given.value;
      }
    }
  }
}
