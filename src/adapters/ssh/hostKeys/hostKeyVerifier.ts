import type { ServerHostKeyAlgorithm } from 'ssh2';
import { errorText, type HsmError } from '../../../core/base/errors';
import type { Logger } from '../../../core/base/logger';
import type { ConnectionPrompts } from '../../../core/compute/connectionPrompts';
import type { SshTarget } from '../sshTarget';
import { HostKeyRefusals } from './hostKeyRefusal';
import {
  fingerprint,
  isAbout,
  judge,
  keyTypeOf,
  knownHostsName,
  type KnownKey,
  type Verdict,
} from './knownHosts';
import { appendKnownHost, readKnownHosts, type UnreadableFile } from './knownHostsFiles';

export interface HostKeyVerifierOptions {
  readonly target: SshTarget;
  /** Undefined: the user may not be asked. */
  readonly prompts: ConnectionPrompts | undefined;
  readonly log: Logger;
}

/** Judges the host key of one server on one connection. */
export interface HostKeyVerifier {
  /** For `algorithms.serverHostKey`: what known_hosts has of the host comes first. */
  readonly serverHostKey: ServerHostKeyAlgorithm[];
  /**
   * For `Client.connect`. The first key may be asked about; any later one is answered in the same turn, because ssh2
   * garbles the connection when a re-key waits for an answer while data is on its way.
   */
  readonly hostVerifier: (key: Buffer, answer: (isTrusted: boolean) => void) => boolean | undefined;
  /** True once the user was asked. */
  readonly usedInteraction: boolean;
  /** True while an answer of the user is awaited: no deadline of the handshake counts then. */
  readonly waitsForUser: boolean;
  /** Why the key was refused; undefined when it was not. */
  refusal(): HsmError<'host.refused'> | undefined;
}

/** Reads known_hosts. `signal` takes back an open question. */
export async function createHostKeyVerifier(
  options: HostKeyVerifierOptions,
  signal: AbortSignal,
): Promise<HostKeyVerifier> {
  const { keys, unreadable } = await readKnownHosts(options.target.knownHosts.files);
  return new Verifier(options, keys, unreadable, signal);
}

/** SHA-1 signatures (`ssh-rsa`) are never asked for. */
const ALGORITHMS_BY_TYPE: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

class Verifier implements HostKeyVerifier {
  usedInteraction = false;
  waitsForUser = false;
  readonly serverHostKey: ServerHostKeyAlgorithm[];
  private readonly name: string;
  private readonly known: readonly KnownKey[];
  private readonly refusals: HostKeyRefusals;
  private pinned: Buffer | undefined;
  private refused: HsmError<'host.refused'> | undefined;

  constructor(
    private readonly options: HostKeyVerifierOptions,
    private readonly keys: readonly KnownKey[],
    private readonly unreadable: UnreadableFile | undefined,
    private readonly signal: AbortSignal,
  ) {
    const { hostName, port, knownHosts } = options.target;
    this.name = knownHosts.alias?.toLowerCase() ?? knownHostsName(hostName, port);
    this.known = keys.filter((key) => isAbout(key, this.name));
    this.refusals = new HostKeyRefusals(options.target);
    this.serverHostKey = inOrder(this.known);
  }

  refusal(): HsmError<'host.refused'> | undefined {
    return this.refused;
  }

  readonly hostVerifier = (key: Buffer, answer: (isTrusted: boolean) => void): boolean | undefined => {
    if (this.pinned) return this.pinned.equals(key) || this.refuse(this.refusals.changedMeanwhile(key));
    // Copied: what ssh2 passes is a view on the packet.
    const blob = Buffer.from(key);
    if (this.unreadable) return this.refuse(this.refusals.unreadable(this.unreadable));
    const verdict = this.judge(blob);
    switch (verdict.kind) {
      case 'match':
        return this.pin(blob);
      case 'revoked':
        return this.refuse(this.refusals.revoked(blob, verdict));
      case 'changed':
        return this.refuse(this.refusals.changed(blob, verdict.known, verdict));
      case 'caOnly':
        return this.refuse(this.refusals.onlyAuthority(verdict));
      case 'unknown':
      case 'otherType':
        void this.decide(blob, verdict).then(answer);
        return undefined;
    }
  };

  /** As ssh does, a key that is known for the host without its port is good for this port, too. */
  private judge(blob: Buffer): Verdict {
    const verdict = judge(this.known, blob);
    const { hostName, port, knownHosts } = this.options.target;
    if (port === 22 || knownHosts.alias !== undefined || verdict.kind === 'match') return verdict;
    const plain = this.keys.filter((key) => isAbout(key, hostName.toLowerCase()));
    const withoutPort = judge(plain, blob);
    if (withoutPort.kind === 'revoked') return withoutPort;
    return withoutPort.kind === 'match' && verdict.kind === 'unknown' ? withoutPort : verdict;
  }

  private async decide(blob: Buffer, verdict: Verdict): Promise<boolean> {
    const { knownHosts } = this.options.target;
    if (knownHosts.policy === 'yes') return this.refuse(this.refusals.strict(blob));
    // A host that is known by another key is not new, and a forger would show a key of another type.
    if (knownHosts.policy === 'accept-new' && verdict.kind === 'unknown') return this.accept(blob);
    if (!this.options.prompts) return this.refuse(this.refusals.unasked(blob));
    const isTrusted = await this.ask(this.options.prompts, blob, verdict);
    return isTrusted ? this.accept(blob) : this.refuse(this.refusals.declined(blob));
  }

  private async ask(prompts: ConnectionPrompts, blob: Buffer, verdict: Verdict): Promise<boolean> {
    const { alias, hostName, port } = this.options.target;
    this.usedInteraction = true;
    this.waitsForUser = true;
    try {
      const question = {
        host: alias,
        address: `${hostName}:${port}`,
        keyType: keyTypeOf(blob) ?? 'unknown type',
        fingerprint: fingerprint(blob),
        knownAs: verdict.kind === 'otherType' ? verdict.knownAs : [],
      };
      return await prompts.confirmHostKey(question, this.signal);
    } catch (error) {
      if (!this.signal.aborted)
        this.options.log.error(`${alias}: the host key could not be shown: ${errorText(error)}`);
      return false;
    } finally {
      this.waitsForUser = false;
    }
  }

  private async accept(blob: Buffer): Promise<boolean> {
    const { alias, knownHosts } = this.options.target;
    const { log } = this.options;
    this.pin(blob);
    log.info(`${alias}: host key ${keyTypeOf(blob) ?? ''} ${fingerprint(blob)} is trusted from now on`);
    if (knownHosts.newEntriesIn === undefined) return true;
    try {
      await appendKnownHost(knownHosts.newEntriesIn, this.name, blob, knownHosts.hash);
    } catch (error) {
      log.warn(`${alias}: its host key was not added to ${knownHosts.newEntriesIn}: ${errorText(error)}`);
    }
    return true;
  }

  private pin(blob: Buffer): true {
    this.pinned = blob;
    return true;
  }

  private refuse(why: HsmError<'host.refused'>): false {
    this.refused = why;
    return false;
  }
}

/** Else a host that is known by one of its keys would present another one, and look unknown. */
function inOrder(known: readonly KnownKey[]): ServerHostKeyAlgorithm[] {
  const types = Object.keys(ALGORITHMS_BY_TYPE);
  const isKnown = (type: string): boolean =>
    known.some((key) => key.marker === undefined && key.keyType === type);
  return [...types.filter(isKnown), ...types.filter((type) => !isKnown(type))].flatMap(
    (type) => ALGORITHMS_BY_TYPE[type] ?? [],
  );
}
