import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { fitsPatterns } from '../config/pattern';

/** A place in a file, the first line is 1. */
export interface LinePlace {
  readonly file: string;
  readonly line: number;
}

/** A line of known_hosts that can be used. */
export interface KnownKey extends LinePlace {
  readonly marker?: 'revoked' | 'cert-authority';
  /** Comma-separated patterns, or one hashed name. */
  readonly names: string;
  /** e.g. `ssh-ed25519`. */
  readonly keyType: string;
  readonly blob: Buffer;
}

/** What known_hosts says of a key that a host presents. */
export type Verdict =
  | { readonly kind: 'match' }
  | ({ readonly kind: 'revoked' } & LinePlace)
  /** Another key of the same type is known. */
  | ({ readonly kind: 'changed'; readonly known: string } & LinePlace)
  /** Only keys of other types are known. */
  | { readonly kind: 'otherType'; readonly knownAs: readonly string[] }
  /** Only an authority is known, which may have signed the host's certificate. */
  | ({ readonly kind: 'caOnly' } & LinePlace)
  | { readonly kind: 'unknown' };

/**
 * Reads the text of a known_hosts file. Lines that are none, that have a marker of a later day or a key that
 * contradicts its type are left out.
 *
 * ```
 * gpubox,10.0.0.* ssh-ed25519 AAAAC3Nza… comment
 * |1|salt|hash ssh-rsa AAAAB3Nza…
 * @revoked * ssh-rsa AAAAB3Nza…
 * ```
 *
 * @see sshd(8), SSH_KNOWN_HOSTS FILE FORMAT
 */
export function parseKnownHosts(text: string, file: string): KnownKey[] {
  return text.split('\n').flatMap((line, index) => {
    const parts = /^\s*(?:@(\S+)\s+)?([^\s#@]\S*)\s+(\S+)\s+([A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(line);
    const [, marker, names, keyType, encoded] = parts ?? [];
    if (names === undefined || keyType === undefined || encoded === undefined) return [];
    if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') return [];
    const blob = Buffer.from(encoded, 'base64');
    if (keyTypeOf(blob) !== keyType) return [];
    return [{ ...(marker !== undefined && { marker }), names, keyType, blob, file, line: index + 1 }];
  });
}

/** The type that a key in the wire format names itself. Undefined: it is no key. */
export function keyTypeOf(blob: Buffer): string | undefined {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  return length > 0 && length <= 64 && blob.length > 4 + length
    ? blob.toString('latin1', 4, 4 + length)
    : undefined;
}

/** The name that known_hosts has for a host: with its port unless that is the usual one. */
export function knownHostsName(hostName: string, port: number): string {
  const name = hostName.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** Whether a line is about a host, by {@link knownHostsName}. */
export function isAbout(key: KnownKey, name: string): boolean {
  if (!key.names.startsWith('|')) return fitsPatterns(key.names.toLowerCase().split(','), name);
  const [, version, salt, hash] = key.names.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** Judges a key by the lines about its host. Revocation outranks everything, then a match, then a change. */
export function judge(keys: readonly KnownKey[], blob: Buffer): Verdict {
  const same = keys.filter((key) => key.blob.equals(blob));
  const revoked = same.find((key) => key.marker === 'revoked');
  if (revoked) return { kind: 'revoked', file: revoked.file, line: revoked.line };
  if (same.some((key) => key.marker === undefined)) return { kind: 'match' };
  const plain = keys.filter((key) => key.marker === undefined);
  const changed = plain.find((key) => key.keyType === keyTypeOf(blob));
  if (changed) {
    return { kind: 'changed', known: fingerprint(changed.blob), file: changed.file, line: changed.line };
  }
  if (plain.length > 0) {
    return { kind: 'otherType', knownAs: [...new Set(plain.map((key) => key.keyType))] };
  }
  const authority = keys.find((key) => key.marker === 'cert-authority');
  return authority ? { kind: 'caOnly', file: authority.file, line: authority.line } : { kind: 'unknown' };
}

/** As `ssh-keygen -l` shows it: `SHA256:…`. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
