import { HsmError } from '../../../core/base/errors';
import type { SshTarget } from '../sshTarget';

/** A login that came to its end without success. */
export interface RefusedLogin {
  /** Methods that the server would have taken. */
  readonly wanted: readonly string[];
  /** Keys and methods that were tried. */
  readonly tried: readonly string[];
  /** Keys that could not be used, with reasons. */
  readonly leftOut: readonly string[];
  /** Keys that were too many. */
  readonly notOffered: number;
  readonly mayAsk: boolean;
  /** What the server said at the end, a sentence after a space; or empty. */
  readonly farewell: string;
}

/** `ada@gpu.example`, with the port where it is not the usual one. */
export function describeUser({ user, hostName, port }: SshTarget): string {
  return port === 22 ? `${user}@${hostName}` : `${user}@${hostName}:${port}`;
}

/** Says which methods the server takes, what was tried, and what to do. */
export function describeRefusal(target: SshTarget, login: RefusedLogin): HsmError<'host.refused'> {
  const { wanted, tried, leftOut, farewell } = login;
  const sentences = [
    `${target.alias} does not let ${describeUser(target)} in.${farewell}`,
    `It takes ${wanted.length > 0 ? wanted.join(', ') : 'no method that it names'}.`,
    `Tried: ${tried.length > 0 ? tried.join(', ') : 'nothing'}.`,
    ...(leftOut.length > 0 ? [`Not used: ${leftOut.join('; ')}.`] : []),
  ];
  const hint = hintFor(target, login);
  return new HsmError('host.refused', sentences.join(' '), { host: target.alias, hint });
}

function hintFor({ alias }: SshTarget, { wanted, notOffered, mayAsk }: RefusedLogin): string {
  const asks = wanted.includes('password') || wanted.includes('keyboard-interactive');
  if (asks && !mayAsk) return `Connect to ${alias} by hand to be asked for what it wants.`;
  if (notOffered > 0) {
    return `${notOffered} more keys were not offered, because servers allow only a few. Name the right one with IdentityFile in ~/.ssh/config.`;
  }
  if (!asks && !wanted.includes('publickey') && wanted.length > 0) {
    return `Set \`transport: openssh\` for the source: the system's ssh may know ${wanted.join(', ')}.`;
  }
  return `Check user and keys of ${alias} in ~/.ssh/config, and try \`ssh ${alias}\` in a terminal.`;
}
