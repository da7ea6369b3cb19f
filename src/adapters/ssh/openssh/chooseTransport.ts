import { HsmError } from '../../../core/base/errors';
import type { SshTarget } from '../sshTarget';

/** What reaches a host, and why, as a sentence, where that is worth telling. */
export interface ChosenTransport {
  readonly kind: 'ssh2' | 'openssh';
  readonly because?: string;
}

/**
 * ssh2, unless the configuration of the host needs what only the system's `ssh` can do, or the source says otherwise.
 *
 * @throws HsmError `host.refused` when the source asks for ssh2, which would go another way, or trust another host
 */
export function chooseTransport(
  { alias, needsOpenSsh, forbidsSsh2 }: Pick<SshTarget, 'alias' | 'needsOpenSsh' | 'forbidsSsh2'>,
  configured: 'auto' | 'ssh2' | 'openssh',
): ChosenTransport {
  const needs = needsOpenSsh.join(' ');
  if (configured === 'openssh' || needs === '')
    return { kind: configured === 'openssh' ? configured : 'ssh2' };
  const [forbidden] = forbidsSsh2;
  if (configured === 'ssh2' && forbidden !== undefined) {
    const message = `${alias} cannot be reached by ssh2, as the source asks: ${forbidden} Only the system's ssh can do that.`;
    throw new HsmError('host.refused', message, { host: alias, hint: 'Use `transport: auto`.' });
  }
  if (configured === 'ssh2')
    return { kind: 'ssh2', because: `The source asks for ssh2, which cannot do this: ${needs}` };
  return { kind: 'openssh', because: `The system's ssh is used. ${needs}` };
}
