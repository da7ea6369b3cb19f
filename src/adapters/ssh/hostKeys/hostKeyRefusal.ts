import { HsmError } from '../../../core/base/errors';
import type { SshTarget } from '../sshTarget';
import { fingerprint, keyTypeOf, knownHostsName, type LinePlace } from './knownHosts';
import type { UnreadableFile } from './knownHostsFiles';

type Refusal = HsmError<'host.refused'>;

class AuthorityOnly extends Error {
  override readonly name = 'AuthorityOnly';
}

/** Whether a host was refused because only an authority vouches for its key, which the system's `ssh` can check. */
export function isKnownByAuthority(error: unknown): boolean {
  return HsmError.is(error, 'host.refused') && error.cause instanceof AuthorityOnly;
}

/** Says why the key of one host is not accepted, and what to do. */
export class HostKeyRefusals {
  constructor(private readonly target: SshTarget) {}

  revoked(blob: Buffer, place: LinePlace): Refusal {
    return this.refusal(
      `${this.host} presents a host key that was revoked: ${shown(blob)}, ${where(place)}.`,
      'Do not connect. Ask whoever runs the host for its new key.',
    );
  }

  changed(blob: Buffer, known: string, place: LinePlace): Refusal {
    const name = this.lookedUp;
    return this.refusal(
      `The host key of ${this.host} has changed: it presents ${shown(blob)}, but ${where(place)} has ${known}. ` +
        'Somebody may be intercepting the connection, or the host was set up anew.',
      `Ask whoever runs the host. Only if the new key is right: ssh-keygen -R '${name}' -f '${place.file}', then connect again.`,
    );
  }

  changedMeanwhile(blob: Buffer): Refusal {
    return this.refusal(
      `${this.host} changed its host key in the middle of the connection, to ${shown(blob)}.`,
      'Ask whoever runs the host before connecting again.',
    );
  }

  onlyAuthority(place: LinePlace): Refusal {
    return this.refusal(
      `${this.host} is known only by the authority that signs its host keys (${where(place)}), which cannot be checked here.`,
      "Set `transport: openssh` for the source: the system's ssh checks it.",
      new AuthorityOnly(),
    );
  }

  unreadable({ file, error }: UnreadableFile): Refusal {
    return new HsmError(
      'host.refused',
      `The host key of ${this.host} cannot be checked: ${file} cannot be read (${error.message}).`,
      { host: this.target.alias, hint: `Make ${file} readable, then connect again.` },
      { cause: error },
    );
  }

  strict(blob: Buffer): Refusal {
    return this.refusal(
      `The host key of ${this.host} is not known (${shown(blob)}), and StrictHostKeyChecking takes only known ones.`,
      `Add the key to ${this.target.knownHosts.newEntriesIn ?? 'known_hosts'} after comparing it with what the host's owner says.`,
    );
  }

  unasked(blob: Buffer): Refusal {
    return this.refusal(
      `The host key of ${this.host} is not known yet: ${shown(blob)}.`,
      'Connect to it by hand to see the key and trust it.',
    );
  }

  declined(blob: Buffer): Refusal {
    return this.refusal(
      `The host key of ${this.host} was not accepted: ${shown(blob)}.`,
      'Try again to be asked again.',
    );
  }

  private get host(): string {
    const { alias, hostName, port } = this.target;
    const address = port === 22 ? hostName : `${hostName}:${port}`;
    return address === alias ? alias : `${alias} (${address})`;
  }

  private get lookedUp(): string {
    return this.target.knownHosts.alias ?? knownHostsName(this.target.hostName, this.target.port);
  }

  private refusal(message: string, hint: string, cause?: Error): Refusal {
    return new HsmError('host.refused', message, { host: this.target.alias, hint }, { cause });
  }
}

function shown(blob: Buffer): string {
  return `${keyTypeOf(blob) ?? 'unknown type'} ${fingerprint(blob)}`;
}

function where({ file, line }: LinePlace): string {
  return `line ${line} of ${file}`;
}
