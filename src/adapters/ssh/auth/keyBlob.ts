import { wireString, WireReader } from './wire';

const CERTIFICATE = '-cert-v01@openssh.com';

/** The type of a public key or certificate in the wire format; empty when it is none. */
export function blobType(blob: Buffer): string {
  try {
    return new WireReader(blob).text();
  } catch (error) {
    if (error instanceof RangeError) return '';
    throw error;
  }
}

export function isCertificate(blob: Buffer): boolean {
  return blobType(blob).endsWith(CERTIFICATE);
}

/** FIDO keys: a device signs with them. */
export function isHardwareKey(blob: Buffer): boolean {
  return blobType(blob).startsWith('sk-');
}

/** The algorithm under which a server is asked to take a key. RSA only with SHA-2. */
export function requestAlgorithm(blob: Buffer): string {
  const type = blobType(blob);
  if (type === 'ssh-rsa') return 'rsa-sha2-512';
  return type === `ssh-rsa${CERTIFICATE}` ? `rsa-sha2-512${CERTIFICATE}` : type;
}

/** How many fields a public key has after its type. */
const FIELDS: Readonly<Record<string, number>> = {
  'ssh-rsa': 2,
  'ssh-ed25519': 1,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
  'sk-ssh-ed25519@openssh.com': 2,
  'sk-ecdsa-sha2-nistp256@openssh.com': 3,
};

/**
 * The key that a certificate is for; of a plain key, itself. Undefined: a type that is not known, or DSA.
 *
 * @see PROTOCOL.certkeys of OpenSSH: type, nonce, fields of the key, …
 */
export function keyOf(blob: Buffer): Buffer | undefined {
  const type = blobType(blob);
  const plain = isCertificate(blob) ? type.slice(0, -CERTIFICATE.length) : type;
  const keyType = plain.startsWith('sk-') && !plain.includes('@') ? `${plain}@openssh.com` : plain;
  const count = FIELDS[keyType];
  if (count === undefined) return undefined;
  if (!isCertificate(blob)) return blob;
  const reader = new WireReader(blob);
  reader.text();
  reader.string();
  const fields = Array.from({ length: count }, () => wireString(reader.string()));
  return Buffer.concat([wireString(keyType), ...fields]);
}

/** The blob of a line as `.pub` files have it: `ssh-ed25519 AAAA… comment`. Undefined: it is no such line. */
export function parsePublicLine(text: string): Buffer | undefined {
  const [, type, encoded] = /^\s*(\S+)\s+([A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(text) ?? [];
  if (encoded === undefined) return undefined;
  const blob = Buffer.from(encoded, 'base64');
  return blobType(blob) === type ? blob : undefined;
}
