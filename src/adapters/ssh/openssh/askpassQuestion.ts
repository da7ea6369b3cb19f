import { foreignLine, foreignLines } from '../../../core/analysis/foreignLine';
import type { HostKeyQuestion, SecretRequest } from '../../../core/compute/connectionPrompts';
import { isPasswordPrompt } from '../auth/dialogue';
import { passphraseKey, passwordKey } from '../auth/secretKeys';
import type { SshTarget } from '../sshTarget';

/** A question of `ssh`, which it asks as one text. */
export type AskpassQuestion =
  | { readonly kind: 'hostKey'; readonly question: HostKeyQuestion }
  | { readonly kind: 'secret'; readonly request: SecretRequest; readonly key?: string }
  /** Something to read, e.g. that a key wants to be touched. */
  | { readonly kind: 'notice'; readonly text: string }
  /** A yes or no that nobody but ssh itself cares for, e.g. whether a key is added to the agent. */
  | { readonly kind: 'confirm'; readonly text: string };

/**
 * Understands what `ssh` asks. Samples (OpenSSH 9):
 *
 * ```
 * Enter passphrase for key '/home/ada/.ssh/id_ed25519':
 * ada@gpu.example's password:
 * (ada@gpu.example) Verification code:
 * The authenticity of host 'gpu.example (10.0.0.7)' can't be established.
 * ED25519 key fingerprint is SHA256:….
 * This key is not known by any other names.
 * Are you sure you want to continue connecting (yes/no/[fingerprint])?
 * ```
 *
 * @param hint - SSH_ASKPASS_PROMPT: `none` for a notice, `confirm` for a yes or no
 */
export function parseAskpass(text: string, hint: string | undefined, target: SshTarget): AskpassQuestion {
  const host = target.alias;
  if (hint === 'none') return { kind: 'notice', text: foreignLine(text) };
  const hostKey = parseHostKey(text, host);
  if (hostKey) return { kind: 'hostKey', question: hostKey };
  if (hint === 'confirm') return { kind: 'confirm', text: foreignLine(text) };
  const file = /^Enter passphrase for (?:key )?'?(.+?)'?:\s*$/s.exec(text)?.[1];
  if (file !== undefined) return secret(host, 'passphrase', file, text, passphraseKey(file));
  const user = /^(\S+@\S+)'s password:\s*$/.exec(text)?.[1];
  if (user !== undefined) return secret(host, 'password', foreignLine(user), text, keyOf(user, target));
  const asked = /^\((\S+@\S+)\) /.exec(text)?.[1];
  const key = asked !== undefined && isPasswordPrompt(text) ? keyOf(asked, target) : undefined;
  return secret(host, 'keyboard-interactive', foreignLine(asked ?? host), text, key);
}

/** The place of a password, the same as without ssh, which tells user and host without the port. */
function keyOf(asked: string, target: SshTarget): string | undefined {
  const hop = [target, ...target.jumps].find(({ user, hostName }) => `${user}@${hostName}` === asked);
  return hop && passwordKey(hop);
}

function secret(
  host: string,
  kind: SecretRequest['kind'],
  subject: string,
  text: string,
  key?: string,
): AskpassQuestion {
  const lines = foreignLines(text).filter((line) => line.trim() !== '');
  const request = {
    host,
    kind,
    subject,
    instructions: lines.slice(0, -1).join('\n'),
    // ssh does not say whether the answer may be seen.
    fields: [{ text: `${lines.at(-1)?.trim() ?? ''} `, echo: false }],
    canRemember: key !== undefined,
  };
  return { kind: 'secret', request, ...(key !== undefined && { key }) };
}

/** `gpu.example (10.0.0.7)` as `gpu.example, 10.0.0.7`; a number that is its own name stands twice there. */
function plainAddress(address: string): string {
  const [, name, number] = /^(\S+) \((\S+)\)$/.exec(address) ?? [];
  if (name === undefined || number === undefined) return address;
  return name === number ? name : `${name}, ${number}`;
}

function parseHostKey(text: string, host: string): HostKeyQuestion | undefined {
  const address = /The authenticity of host '([^']+)' can't be established/.exec(text)?.[1];
  const [, keyType, fingerprint] = /(\S+) key fingerprint is (\S+?)\.?\s*$/m.exec(text) ?? [];
  if (address === undefined || keyType === undefined || fingerprint === undefined) return undefined;
  return {
    host,
    address: foreignLine(plainAddress(address)),
    keyType: foreignLine(keyType),
    fingerprint: foreignLine(fingerprint),
    // Lines of the files, e.g. `    ~/.ssh/known_hosts:3: gpubox`.
    knownAs: [...text.matchAll(/^\s+(\S+:\d+: .+)$/gm)].map(([, line]) => foreignLine(line ?? '')),
  };
}
