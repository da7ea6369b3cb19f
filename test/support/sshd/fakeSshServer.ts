import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Server, utils, type AuthContext } from 'ssh2';
import type { Disposable } from '../../../src/core/base/lifecycle';

/** Judges one attempt to log in. `passed` holds the methods that were accepted before, on this connection. */
export type Judge = (attempt: AuthContext, passed: Set<string>) => void;

/** A server that does nothing but log people in, by rules that a real sshd has only with PAM. */
export class FakeSshServer implements Disposable {
  /** e.g. `publickey ssh-ed25519`, `publickey ssh-ed25519 signed`, `password`; a new connection is `connection`. */
  readonly attempts: string[] = [];
  readonly hostKey: string;
  private readonly server: Server;

  private constructor(judge: Judge) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs1', format: 'pem' });
    const parsed = utils.parseKey(pem);
    if (parsed instanceof Error) throw parsed;
    this.hostKey = `ssh-rsa ${parsed.getPublicSSH().toString('base64')}`;
    this.server = new Server({ hostKeys: [pem] }, (connection) => {
      const passed = new Set<string>();
      this.attempts.push('connection');
      connection.on('authentication', (attempt) => {
        this.attempts.push(describe(attempt));
        judge(attempt, passed);
      });
      // A client that is refused hangs up.
      connection.on('error', () => undefined);
    });
  }

  static async start(judge: Judge): Promise<FakeSshServer> {
    const fake = new FakeSshServer(judge);
    fake.server.listen(0, '127.0.0.1');
    await once(fake.server, 'listening');
    return fake;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  dispose(): void {
    this.server.close();
  }
}

function describe(attempt: AuthContext): string {
  if (attempt.method !== 'publickey') return attempt.method;
  return `publickey ${attempt.key.algo}${attempt.signature ? ' signed' : ''}`;
}
