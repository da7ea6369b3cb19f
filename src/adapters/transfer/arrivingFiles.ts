import { hash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  futimesSync,
  mkdirSync,
  openSync,
  rmSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { LargeFile } from './largeFile';
import type { TarHeader } from './tarFormat';
import type { TarSink } from './tarReader';
import type { SkippedFile } from './transfer';
import type { TreeEntry } from './treeListing';
import type { FileSum } from './fileSum';

/** Larger files are written while they come. */
const SMALL = 256 * 1024;

interface Current {
  readonly path: string;
  readonly mtimeSec: number;
  readonly size: number;
}

/**
 * Writes the files of a tar stream that are wanted, and nothing else of it: whatever the stream says, only plain files
 * arise, with the names that were asked for.
 *
 * Small files are written synchronously: for ten thousand of them that is several times faster, and each takes some
 * microseconds.
 */
export class ArrivingFiles implements TarSink {
  readonly skipped: SkippedFile[] = [];
  /** What came whole, with the sums of what passed. */
  readonly arrived = new Map<string, FileSum>();
  private readonly madeDirs = new Set<string>();
  /** What came in another shape once is not taken in a second one. */
  private readonly refused = new Set<string>();
  private current: Current | undefined;
  private chunks: Buffer[] = [];
  private large: LargeFile | undefined;

  /**
   * @param dir - in which nobody else writes
   * @param maxSize - of a file when it comes
   */
  constructor(
    private readonly dir: string,
    private readonly wanted: ReadonlyMap<string, TreeEntry>,
    private readonly maxSize: number,
  ) {}

  begin({ name, kind, size, mtimeSec, target, isSparse }: TarHeader): boolean {
    const path = toPath(name);
    // What nobody asked for has no place here, whatever it is called.
    if (kind === 'directory' || !this.wanted.has(path) || this.refused.has(path)) return false;
    if (kind === 'link') {
      this.copy(path, toPath(target), mtimeSec);
      return false;
    }
    if (kind === 'other' || isSparse) return this.skip(path, 'kind', 'is not a plain file any more');
    if (size > this.maxSize) return this.skip(path, 'size', `has ${size} bytes by now, more than allowed`);
    this.current = { path, mtimeSec, size };
    return true;
  }

  content(bytes: Buffer): Promise<void> | undefined {
    if (!this.current) return undefined;
    if (this.large) return this.large.write(bytes);
    if (this.current.size > SMALL) return this.beginLarge(this.current.path, bytes);
    this.chunks.push(bytes);
    return undefined;
  }

  end(): Promise<void> | undefined {
    const { current, large } = this;
    if (!current) return undefined;
    this.current = undefined;
    if (large) return this.endLarge(current, large);
    this.writeSmall(current);
    return undefined;
  }

  /** The stream broke off: what there is of the current file stays. */
  async abandon(): Promise<void> {
    await this.large?.abandon();
    this.large = undefined;
  }

  private async beginLarge(path: string, bytes: Buffer): Promise<void> {
    this.large = await LargeFile.create(this.place(path));
    await this.large.write(bytes);
  }

  private async endLarge({ path, mtimeSec }: Current, large: LargeFile): Promise<void> {
    this.large = undefined;
    this.arrived.set(path, await large.end(mtimeSec));
  }

  private writeSmall({ path, mtimeSec }: Current): void {
    const [only] = this.chunks;
    const bytes = this.chunks.length === 1 && only ? only : Buffer.concat(this.chunks);
    this.chunks = [];
    const file = openSync(this.place(path), 'w');
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      futimesSync(file, mtimeSec, mtimeSec);
    } finally {
      closeSync(file);
    }
    this.arrived.set(path, { size: bytes.length, sha256: hash('sha256', bytes, 'hex') });
  }

  /** Another name of a file there: here it becomes a file of its own. */
  private copy(path: string, from: string, mtimeSec: number): void {
    const sum = this.arrived.get(from);
    if (!sum) {
      this.skip(path, 'kind', 'is a second name of a file that was not collected with it');
      return;
    }
    const file = this.place(path);
    copyFileSync(join(this.dir, from), file);
    utimesSync(file, mtimeSec, mtimeSec);
    this.arrived.set(path, sum);
  }

  private place(path: string): string {
    const file = join(this.dir, path);
    const dir = dirname(file);
    if (!this.madeDirs.has(dir)) mkdirSync(dir, { recursive: true });
    this.madeDirs.add(dir);
    return file;
  }

  private skip(path: string, reason: SkippedFile['reason'], detail: string): false {
    rmSync(join(this.dir, path), { force: true });
    this.arrived.delete(path);
    this.refused.add(path);
    this.skipped.push({ path, reason, detail });
    return false;
  }
}

function toPath(name: string): string {
  return name.replace(/^(\.\/)+/, '');
}
