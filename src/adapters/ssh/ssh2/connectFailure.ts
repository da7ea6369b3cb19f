import { errorText, HsmError } from '../../../core/base/errors';
import type { SshTarget } from '../sshTarget';

/** Where on the way to a connection something went wrong. */
export type ConnectPhase = 'network' | 'handshake' | 'authentication';

/** ssh2's words, e.g. `Handshake failed: no matching key exchange algorithm`. */
const NO_ALGORITHM = /no matching (.+)$/;

/** What a failed try to connect means for the user, where neither the host key nor authentication explains it. */
export function toConnectFailure(target: SshTarget, phase: ConnectPhase, cause: unknown): HsmError {
  const where = `${target.hostName}:${target.port}`;
  const name = target.alias === target.hostName ? where : `${target.alias} (${where})`;
  if (phase === 'network') return unreachable(target, networkReason(target, where, cause), cause);
  const text = errorText(cause);
  const missing = NO_ALGORITHM.exec(text)?.[1];
  if (missing !== undefined) {
    return new HsmError(
      'host.refused',
      `${name} and this program have no ${missing} in common.`,
      {
        host: target.alias,
        hint: 'Set `transport: openssh` for this source: the system’s ssh knows more of them.',
      },
      { cause },
    );
  }
  const when = phase === 'handshake' ? 'before it was greeted' : 'while logging in';
  return unreachable(target, `The connection to ${name} ended ${when}: ${text}.`, cause);
}

/** Whether it is for want of an algorithm in common that a host cannot be reached by ssh2. */
export function lacksAlgorithm(error: unknown): boolean {
  return HsmError.is(error, 'host.refused') && NO_ALGORITHM.test(errorText(error.cause));
}

/** An {@link HsmError} `host.unreachable` of a host. */
export function unreachable(target: SshTarget, message: string, cause: unknown): HsmError {
  return new HsmError('host.unreachable', message, { host: target.alias }, { cause });
}

function networkReason(target: SshTarget, where: string, cause: unknown): string {
  const code = codeOf(cause);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `The name ${target.hostName} of host ${target.alias} cannot be looked up. Check HostName in ~/.ssh/config, and the network.`;
  }
  if (code === 'ECONNREFUSED') return `${target.alias} is not reachable: nothing listens at ${where}.`;
  if (code === 'ETIMEDOUT') return `${target.alias} is not reachable: ${where} does not answer.`;
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    return `${target.alias} is not reachable: there is no way to ${where} from here. Check the network, or the VPN.`;
  }
  return `${target.alias} is not reachable at ${where}: ${errorText(cause)}.`;
}

function codeOf(cause: unknown): unknown {
  // Of several addresses each fails in its own way; the last one is as good as any.
  const error: unknown = cause instanceof AggregateError ? cause.errors.at(-1) : cause;
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
