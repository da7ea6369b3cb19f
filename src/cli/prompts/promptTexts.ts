import { foreignLine } from '../../core/analysis/foreignLine';
import type { HostKeyQuestion, SecretRequest } from '../../core/compute/connectionPrompts';

/** Who asks for what. The server's words are its own; what a terminal would obey is taken out of them. */
export function describeSecret({ host, kind, subject, instructions }: SecretRequest): string {
  const about = foreignLine(subject);
  const words = foreignLine(instructions);
  switch (kind) {
    case 'password':
      return `${host} asks for the password of ${about}${words && `: ${words}`}`;
    case 'passphrase':
      return `The key ${about}, for ${host}, is encrypted`;
    case 'keyboard-interactive':
      return `${host} asks ${about}${words && `: ${words}`}`;
  }
}

/** A host key that nobody has vouched for yet, line by line. */
export function describeHostKey({ host, address, keyType, fingerprint, knownAs }: HostKeyQuestion): string[] {
  const known = knownAs.map((key) => `Known of this host are other keys: ${foreignLine(key)}`);
  return [
    `The key of ${host} (${foreignLine(address)}) is not known.`,
    `Its type is ${foreignLine(keyType)}, its fingerprint ${foreignLine(fingerprint)}.`,
    ...known,
  ];
}
