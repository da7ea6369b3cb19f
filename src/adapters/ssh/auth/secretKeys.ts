import type { SshTarget } from '../sshTarget';

/** Where the password of a host's user is kept. */
export function passwordKey({ user, hostName, port }: Pick<SshTarget, 'user' | 'hostName' | 'port'>): string {
  return `ssh password ${user}@${hostName}:${port}`;
}

/** Where the passphrase of a key file is kept. */
export function passphraseKey(path: string): string {
  return `ssh passphrase ${path}`;
}

/** Whether a kept secret is a password, which goes to the server, and no passphrase, which does not. */
export function isPasswordKey(key: string): boolean {
  return key.startsWith('ssh password ');
}
