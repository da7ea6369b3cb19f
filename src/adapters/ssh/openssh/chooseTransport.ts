import type { SshTarget } from '../sshTarget';

/** What reaches a host, and why, as a sentence, where that is worth telling. */
export interface ChosenTransport {
  readonly kind: 'ssh2' | 'openssh';
  readonly because?: string;
}

/** ssh2, unless the configuration of the host needs what only the system's `ssh` can do, or the source says otherwise. */
export function chooseTransport(
  { needsOpenSsh }: Pick<SshTarget, 'needsOpenSsh'>,
  configured: 'auto' | 'ssh2' | 'openssh',
): ChosenTransport {
  const needs = needsOpenSsh.join(' ');
  if (configured === 'openssh' || needs === '')
    return { kind: configured === 'openssh' ? configured : 'ssh2' };
  if (configured === 'ssh2')
    return { kind: 'ssh2', because: `The source asks for ssh2, which cannot do this: ${needs}` };
  return { kind: 'openssh', because: `The system's ssh is used. ${needs}` };
}
