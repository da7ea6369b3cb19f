import { connect } from 'node:net';
import { wireNumber, wireString, WireReader } from './wire';

/** A key or certificate that an agent holds. */
export interface AgentIdentity {
  readonly blob: Buffer;
  readonly comment: string;
}

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;
/** Asks for rsa-sha2-512 where the key is an RSA key. */
const FLAG_RSA_SHA2_512 = 4;

/** Windows may say that its agent runs while nothing answers. */
const LIST_TIMEOUT_MS = 5_000;
/** A key may want to be touched, or its use to be confirmed. */
const SIGN_TIMEOUT_MS = 120_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Speaks to an ssh-agent. Each request is a connection of its own: none is left open when the agent goes.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-sshm-ssh-agent
 */
export class AgentClient {
  constructor(private readonly socketPath: string) {}

  /** @throws Error when the agent does not answer */
  async identities(): Promise<AgentIdentity[]> {
    const answer = await this.request(Buffer.from([REQUEST_IDENTITIES]), LIST_TIMEOUT_MS);
    if (answer[0] !== IDENTITIES_ANSWER) throw new Error('the agent does not list its keys');
    const reader = new WireReader(answer.subarray(1));
    const count = reader.number();
    return Array.from({ length: count }, () => ({ blob: reader.string(), comment: reader.text() }));
  }

  /**
   * A signature with its type before it, complete as the server wants it.
   *
   * @throws Error when the agent does not sign
   */
  async sign(blob: Buffer, data: Buffer): Promise<Buffer> {
    const request = [
      Buffer.from([SIGN_REQUEST]),
      wireString(blob),
      wireString(data),
      wireNumber(FLAG_RSA_SHA2_512),
    ];
    const answer = await this.request(Buffer.concat(request), SIGN_TIMEOUT_MS);
    if (answer[0] !== SIGN_RESPONSE) throw new Error('the agent refuses to sign with this key');
    const signature = new WireReader(answer.subarray(1)).string();
    if (new WireReader(signature).text() === 'ssh-rsa') {
      throw new Error('the agent only makes SHA-1 signatures with this key');
    }
    return signature;
  }

  private request(message: Buffer, timeoutMs: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.socketPath);
      let received = Buffer.alloc(0);
      const fail = (reason: string): void => {
        reject(new Error(reason));
        socket.destroy();
      };
      socket.setTimeout(timeoutMs, () => {
        fail('the agent does not answer');
      });
      socket.on('error', reject);
      socket.on('close', () => {
        reject(new Error('the agent closed the connection'));
      });
      socket.on('data', (data) => {
        received = Buffer.concat([received, data]);
        if (received.length < 4) return;
        const length = received.readUInt32BE(0);
        if (length === 0 || length > MAX_ANSWER_BYTES) fail('the agent answers with something else');
        else if (received.length >= 4 + length) {
          resolve(received.subarray(4, 4 + length));
          socket.destroy();
        }
      });
      socket.write(wireString(message));
    });
  }
}
