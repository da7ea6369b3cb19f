import type { AnyAuthMethod, Client, ParsedKey } from 'ssh2';
import { requestAlgorithm } from './keyBlob';
import type { KeyCandidate } from './keyCandidates';
import { parseKey } from './parseKey';
import { wireString } from './wire';

/**
 * Public-key authentication of ssh2 with keys of our own. ssh2 1.17.0 by itself
 *
 * - knows no certificates and no FIDO keys: an agent's are dropped without a word, and the request that it writes has
 *   one name for the algorithm of the key and that of the signature, where certificates have two;
 * - does not tell of partial success when the key is an agent's, and goes on offering keys where the server wants a
 *   code (https://github.com/mscdex/ssh2/issues/1215);
 * - falls back to SHA-1 signatures with RSA keys.
 *
 * So what is handed to it is a stand-in for a key, and `authPK`, which writes the requests, is replaced on the one
 * client. That reaches into parts of ssh2 that are not public: its version is pinned, a test names it, and
 * {@link signRequests} refuses to work with other insides.
 */
export class StandInKeys {
  private readonly candidates = new WeakMap<object, KeyCandidate>();
  private template: ParsedKey | undefined;

  /** The method that offers `candidate` to the server. */
  async method(username: string, candidate: KeyCandidate): Promise<AnyAuthMethod> {
    this.template ??= await anyKey();
    const algorithm = requestAlgorithm(candidate.blob);
    const key = Object.create(this.template, {
      type: { value: algorithm },
      getPublicSSH: { value: () => candidate.blob },
      isPrivateKey: { value: () => true },
    }) as ParsedKey;
    this.candidates.set(key, candidate);
    return { type: 'publickey', username, key };
  }

  /**
   * Makes `client` write and sign the requests of these keys. To be called right after `connect`.
   *
   * @param onFailure - a key would not sign, and another method has to be tried
   */
  signRequests(client: Client, onFailure: (candidate: KeyCandidate, error: unknown) => void): void {
    const protocol = insidesOf(client);
    const original = protocol.authPK.bind(protocol);
    let isOpen = true;
    client.once('close', () => {
      isOpen = false;
    });
    protocol.authPK = (user, key, algorithm, callback) => {
      const candidate = this.candidates.get(key);
      if (!candidate) {
        original(user, key, algorithm, callback);
        return;
      }
      const wantsSignature = typeof algorithm === 'function' || callback !== undefined;
      const request = publicKeyRequest(user, candidate, wantsSignature);
      if (!wantsSignature) {
        send(protocol, request);
        return;
      }
      const signed = Buffer.concat([wireString(protocol._kex.sessionID), request]);
      candidate.sign(signed).then(
        (signature) => {
          if (isOpen) send(protocol, Buffer.concat([request, wireString(signature)]));
        },
        (error: unknown) => {
          if (isOpen) onFailure(candidate, error);
        },
      );
    };
  }
}

/** What is used of ssh2's `Protocol`. */
interface Insides {
  authPK(user: string, key: object, algorithm?: unknown, callback?: unknown): void;
  readonly _packetRW: {
    readonly write: {
      readonly allocStart: number;
      alloc(length: number): Buffer;
      finalize(packet: Buffer): Buffer;
    };
  };
  readonly _cipher: { encrypt(packet: Buffer): void };
  readonly _authsQueue: string[];
  readonly _kex: { readonly sessionID: Buffer };
}

function insidesOf(client: Client): Insides {
  const protocol = (client as unknown as { _protocol?: Partial<Insides> })._protocol;
  const isKnown =
    typeof protocol?.authPK === 'function' &&
    typeof protocol._packetRW?.write.alloc === 'function' &&
    typeof protocol._packetRW.write.finalize === 'function' &&
    typeof protocol._cipher?.encrypt === 'function' &&
    Array.isArray(protocol._authsQueue);
  if (!isKnown)
    throw new Error('This version of ssh2 has other insides than 1.17.0; keys cannot be offered.');
  return protocol as Insides;
}

const USERAUTH_REQUEST = 50;

/** @see RFC 4252, 7 */
function publicKeyRequest(user: string, { blob }: KeyCandidate, isSigned: boolean): Buffer {
  return Buffer.concat([
    Buffer.from([USERAUTH_REQUEST]),
    wireString(user),
    wireString('ssh-connection'),
    wireString('publickey'),
    Buffer.from([isSigned ? 1 : 0]),
    wireString(requestAlgorithm(blob)),
    wireString(blob),
  ]);
}

function send(protocol: Insides, message: Buffer): void {
  const { write } = protocol._packetRW;
  const packet = write.alloc(message.length);
  message.copy(packet, write.allocStart);
  // What the answer is an answer to.
  protocol._authsQueue.push('publickey');
  protocol._cipher.encrypt(write.finalize(packet));
}

/** ssh2 takes for a key what descends from one that it has parsed. */
async function anyKey(): Promise<ParsedKey> {
  const parsed = await parseKey(
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  );
  if (parsed instanceof Error) throw parsed;
  return parsed;
}
