import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { blobType } from './keyBlob';
import { parseKey } from './parseKey';
import { wireBigNumber, wireString, WireReader } from './wire';

/** A private key that can sign. */
export interface PrivateKey {
  /** Its public half. */
  readonly blob: Buffer;
  /** A signature with its type before it, complete as the server wants it. */
  sign(data: Buffer): Buffer;
}

/** What the text of a key file turned out to be. */
export type ParsedPrivateKey =
  | { readonly kind: 'key'; readonly key: PrivateKey }
  /** The passphrase is missing, or wrong. */
  | { readonly kind: 'locked' }
  | { readonly kind: 'unusable'; readonly reason: string };

/** Opens a private key: OpenSSH's format, PEM, or PuTTY's. */
export async function parsePrivateKey(text: string, passphrase?: string): Promise<ParsedPrivateKey> {
  const parsed = await parseKey(text, passphrase);
  if (parsed instanceof Error) {
    const isLocked = /passphrase|bad decrypt|integrity check failed/i.test(parsed.message);
    return isLocked ? { kind: 'locked' } : { kind: 'unusable', reason: parsed.message };
  }
  if (!parsed.isPrivateKey()) return { kind: 'unusable', reason: 'it has no private key' };
  const blob = parsed.getPublicSSH();
  return { kind: 'key', key: signingKey(blob, createPrivateKey(parsed.getPrivatePEM())) };
}

const HASHES: Readonly<Record<string, string>> = {
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
};

function signingKey(blob: Buffer, key: KeyObject): PrivateKey {
  const type = blobType(blob);
  const hash = HASHES[type];
  if (type === 'ssh-ed25519') return { blob, sign: (data) => signature(type, sign(null, data, key)) };
  if (type === 'ssh-rsa')
    return { blob, sign: (data) => signature('rsa-sha2-512', sign('sha512', data, key)) };
  if (hash === undefined) throw new Error(`keys of type ${type} cannot sign`);
  return {
    blob,
    sign: (data) => {
      const both = sign(hash, data, { key, dsaEncoding: 'ieee-p1363' });
      const [r, s] = [both.subarray(0, both.length / 2), both.subarray(both.length / 2)];
      return signature(type, Buffer.concat([wireBigNumber(r), wireBigNumber(s)]));
    },
  };
}

function signature(type: string, content: Buffer): Buffer {
  return Buffer.concat([wireString(type), wireString(content)]);
}

const MAGIC = 'openssh-key-v1\0';

/**
 * The public half of a private key in OpenSSH's format, which is readable without the passphrase. Undefined: the text
 * has another format.
 *
 * @see PROTOCOL.key of OpenSSH: magic, cipher, kdf, kdf options, number of keys, public key, …
 */
export function publicHalf(text: string): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]+)-----END/.exec(text)?.[1];
  const bytes = Buffer.from(body ?? '', 'base64');
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  const reader = new WireReader(bytes);
  reader.skip(MAGIC.length);
  reader.string();
  reader.string();
  reader.string();
  reader.number();
  return reader.string();
}
