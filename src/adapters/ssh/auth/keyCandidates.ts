import { readFile } from 'node:fs/promises';
import { errorText } from '../../../core/base/errors';
import type { Logger } from '../../../core/base/logger';
import type { SshTarget } from '../sshTarget';
import { AgentClient, type AgentIdentity } from './agentClient';
import { isCertificate, isHardwareKey, keyOf, parsePublicLine } from './keyBlob';
import type { Passphrases } from './passphrases';
import { parsePrivateKey, publicHalf } from './privateKey';

/** A key that may be offered to a server. */
export interface KeyCandidate {
  /** For messages: a path, or what the agent calls it. */
  readonly label: string;
  readonly blob: Buffer;
  /** A signature with its type before it. Rejects with an HsmError where nothing else is to be tried. */
  sign(data: Buffer): Promise<Buffer>;
}

/** What can be offered, in its order, and what cannot, each with its reason. */
export interface KeyCandidates {
  readonly keys: readonly KeyCandidate[];
  readonly leftOut: readonly string[];
}

/**
 * The keys for one host: certificates first, then what the configuration names, held by the agent or in a file, then
 * what else the agent holds unless `IdentitiesOnly` is set. The few attempts that a server allows go to the keys that
 * the user named. No passphrase is asked for before the server has said that it takes the key.
 */
export async function findKeys(
  target: SshTarget,
  passphrases: Passphrases,
  log: Logger,
): Promise<KeyCandidates> {
  return new KeySearch(target, passphrases, log).run();
}

class KeySearch {
  private readonly leftOut: string[] = [];
  private readonly agent: AgentClient | undefined;

  constructor(
    private readonly target: SshTarget,
    private readonly passphrases: Passphrases,
    private readonly log: Logger,
  ) {
    this.agent = target.agentSocket === undefined ? undefined : new AgentClient(target.agentSocket);
  }

  async run(): Promise<KeyCandidates> {
    const held = (await this.agentIdentities()).map((identity) => this.ofAgent(identity));
    const files: KeyCandidate[] = [];
    for (const path of this.target.identityFiles) {
      const key = await this.ofFile(path, held);
      if (key) files.push(key);
    }
    const signers = [...files, ...(this.target.identitiesOnly ? [] : held)];
    const certificates = await this.certificates([...files, ...held]);
    const heldCertificates = held.filter(
      ({ blob }) => isCertificate(blob) && signers.some((key) => keyOf(blob)?.equals(key.blob)),
    );
    const keys = [...certificates, ...heldCertificates, ...signers];
    return { keys: withoutRepetition(keys), leftOut: this.leftOut };
  }

  private async agentIdentities(): Promise<AgentIdentity[]> {
    if (!this.agent) return [];
    try {
      const identities = await this.agent.identities();
      return identities.filter(({ blob }) => keyOf(blob) !== undefined);
    } catch (error) {
      this.leave(`the agent at ${this.target.agentSocket ?? ''}: ${errorText(error)}`);
      return [];
    }
  }

  private ofAgent({ blob, comment }: AgentIdentity): KeyCandidate {
    return {
      label: `the agent's ${isCertificate(blob) ? 'certificate' : 'key'} ${comment}`,
      blob,
      sign: (data) => this.agent?.sign(blob, data) ?? Promise.reject(new Error('there is no agent')),
    };
  }

  /** The key of an identity file. What the agent holds of it signs in its place. */
  private async ofFile(path: string, held: readonly KeyCandidate[]): Promise<KeyCandidate | undefined> {
    const text = await this.read(path);
    const blob = (text === undefined ? undefined : publicHalf(text)) ?? (await this.publicFile(path));
    const ofAgent = blob && held.find((each) => each.blob.equals(blob));
    if (ofAgent) return { ...ofAgent, label: path };
    if (text === undefined) return undefined;
    if (blob && isHardwareKey(blob)) {
      this.leave(`${path}: its hardware is used through an agent, which does not hold it`);
      return;
    }
    if (blob) return { label: path, blob, sign: (data) => this.signWithFile(path, text, data) };
    // An old format without a public half, and no .pub beside it.
    const parsed = await parsePrivateKey(text);
    if (parsed.kind === 'key') {
      return { label: path, blob: parsed.key.blob, sign: (data) => Promise.resolve(parsed.key.sign(data)) };
    }
    if (parsed.kind === 'unusable') {
      this.leave(`${path}: ${parsed.reason}`);
      return;
    }
    const key = await this.passphrases.open(path, text);
    return { label: path, blob: key.blob, sign: (data) => Promise.resolve(key.sign(data)) };
  }

  private async signWithFile(path: string, text: string, data: Buffer): Promise<Buffer> {
    return (await this.passphrases.open(path, text)).sign(data);
  }

  private async certificates(signers: readonly KeyCandidate[]): Promise<KeyCandidate[]> {
    const beside = this.target.identityFiles.map((path) => `${path}-cert.pub`);
    const certificates: KeyCandidate[] = [];
    for (const path of [...this.target.certificateFiles, ...beside]) {
      const text = await this.read(path);
      const blob = text === undefined ? undefined : parsePublicLine(text);
      const key = blob && isCertificate(blob) ? keyOf(blob) : undefined;
      const signer = key && signers.find((each) => each.blob.equals(key));
      if (blob && signer) certificates.push({ ...signer, label: path, blob });
      else if (text !== undefined) this.leave(`${path}: it is no certificate of a key that is at hand`);
    }
    return certificates;
  }

  private async publicFile(path: string): Promise<Buffer | undefined> {
    const text = await this.read(`${path}.pub`);
    return text === undefined ? undefined : parsePublicLine(text);
  }

  private async read(path: string): Promise<string | undefined> {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.leave(`${path}: ${errorText(error)}`);
      return undefined;
    }
  }

  private leave(what: string): undefined {
    this.leftOut.push(what);
    this.log.info(`${this.target.alias}: not used to log in: ${what}`);
  }
}

function withoutRepetition(keys: readonly KeyCandidate[]): KeyCandidate[] {
  return keys.filter((key, index) => keys.findIndex((other) => other.blob.equals(key.blob)) === index);
}
