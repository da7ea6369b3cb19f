import { errorText } from '../../../core/base/errors';
import type { Logger } from '../../../core/base/logger';
import { readFile } from 'node:fs/promises';
import { replaceFile } from './replaceFile';

/** A file that changed within this time of its hash may change again without showing it. */
const RACY_MS = 2000;

/** What tells that a file is unchanged, as one text: size, times, inode. */
export interface Stamp {
  readonly text: string;
  /** The later of modification and change, by the clock of the file's machine. */
  readonly changedAtMs: number;
}

/** Hashes of files that have not changed since, kept between runs. A lost or damaged cache costs time only. */
export class HashCache {
  private entries = new Map<string, readonly [stamp: string, sha256: string]>();
  private isChanged = false;

  constructor(
    private readonly file: string,
    private readonly log: Logger,
  ) {}

  async load(): Promise<void> {
    try {
      const entries: unknown = JSON.parse(await readFile(this.file, 'utf8'));
      if (Array.isArray(entries)) this.entries = new Map(entries.filter(isEntry));
    } catch {
      // There is none yet, or it was damaged.
    }
  }

  get(path: string, stamp: Stamp): string | undefined {
    const entry = this.entries.get(path);
    return entry?.[0] === stamp.text ? entry[1] : undefined;
  }

  /** Every path with the stamp that it had when it was hashed. */
  *stamped(): Generator<readonly [path: string, stamp: string]> {
    for (const [path, [stamp]] of this.entries) yield [path, stamp];
  }

  /** @param nowMs - by the clock of the file's machine, read before the file was */
  set(path: string, stamp: Stamp, sha256: string, nowMs: number): void {
    if (nowMs - stamp.changedAtMs < RACY_MS) return;
    this.entries.set(path, [stamp.text, sha256]);
    this.isChanged = true;
  }

  /** Forgets all paths but these. */
  keepOnly(paths: { has(path: string): boolean }): void {
    for (const path of this.entries.keys()) {
      if (paths.has(path)) continue;
      this.entries.delete(path);
      this.isChanged = true;
    }
  }

  async save(): Promise<void> {
    if (!this.isChanged) return;
    try {
      await replaceFile(this.file, JSON.stringify([...this.entries]));
      this.isChanged = false;
    } catch (error) {
      this.log.warn(`The hashes of files cannot be kept in ${this.file}: ${errorText(error)}`);
    }
  }
}

function isEntry(entry: unknown): entry is [string, [string, string]] {
  return Array.isArray(entry) && typeof entry[0] === 'string' && Array.isArray(entry[1]);
}
