import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { Amount } from '../../core/sync/transferAmount';

const AT_ONCE = 16;

/** A file that is to arrive. */
export interface Awaited {
  readonly path: string;
  /** Where it is put for now, absolute. */
  readonly ready: string;
  readonly sha256: string;
}

/**
 * Takes the output of `read.sh`: sizes, an empty line, then the bytes of one file after the other. What does not have
 * its hash is named by {@link finish}.
 */
export class Incoming {
  private header: Buffer | undefined = Buffer.alloc(0);
  private sizes: number[] = [];
  private position = 0;
  private left = 0;
  private file: FileHandle | undefined;
  private hash = createHash('sha256');
  private readonly wrong: string[] = [];
  private failure: Error | undefined;
  private tell: (done: Amount) => void = () => undefined;
  private readonly keeping = new Set<Promise<void>>();

  constructor(
    private readonly files: readonly Awaited[],
    /** Told how many bytes will come, as soon as that is known; returns what is told of each piece. */
    private readonly expect: (bytes: number) => (done: Amount) => void,
  ) {}

  async take(bytes: Buffer): Promise<void> {
    let rest = bytes;
    if (this.header) {
      this.header = Buffer.concat([this.header, bytes]);
      const end = this.headerEnd(this.header);
      if (end < 0) return;
      rest = this.header.subarray(end);
      this.header = undefined;
      await this.begin();
    }
    while (this.file && rest.length > 0) {
      const piece = rest.subarray(0, this.left);
      await writeWhole(this.file, piece);
      this.hash.update(piece);
      this.left -= piece.length;
      this.tell({ files: 0, bytes: piece.length });
      rest = rest.subarray(piece.length);
      if (this.left === 0) await this.complete();
    }
  }

  /** Paths that did not arrive as they should, in the order of the files. @throws Error of the disk */
  async finish(): Promise<readonly string[]> {
    await this.file?.close();
    await Promise.all(this.keeping);
    if (this.failure !== undefined) throw this.failure;
    return [...this.wrong, ...this.files.slice(this.position).map(({ path }) => path)];
  }

  /** On the disk before the workspace changes. Many at a time: a disk writes them as one. */
  private async keep(file: FileHandle): Promise<void> {
    const kept = this.flush(file).finally(() => this.keeping.delete(kept));
    this.keeping.add(kept);
    if (this.keeping.size >= AT_ONCE) await Promise.race(this.keeping);
  }

  /** A failure is told by {@link finish}: nobody may be waiting for this file then. */
  private async flush(file: FileHandle): Promise<void> {
    try {
      await file.datasync();
    } catch (error) {
      this.failure ??= error instanceof Error ? error : new Error(String(error));
    } finally {
      await file.close();
    }
  }

  /** Behind the empty line; -1 while it has not come. */
  private headerEnd(header: Buffer): number {
    const end = header[0] === 10 ? 1 : header.indexOf('\n\n') + 2;
    if (end < 1 || (end === 1 && header[0] !== 10)) return -1;
    this.sizes = header.toString('latin1', 0, end).trim().split('\n').filter(Boolean).map(Number);
    this.tell = this.expect(this.sizes.reduce((sum, size) => sum + size, 0));
    return end;
  }

  private async begin(): Promise<void> {
    const next = this.files[this.position];
    const size = this.sizes[this.position];
    // A file that is gone has no size, which shifts all others: none can be trusted.
    if (!next || size === undefined || this.sizes.length !== this.files.length) return;
    this.file = await open(next.ready, 'wx');
    this.hash = createHash('sha256');
    this.left = size;
    if (size === 0) await this.complete();
  }

  private async complete(): Promise<void> {
    const done = this.files[this.position];
    const { file } = this;
    this.file = undefined;
    if (file) await this.keep(file);
    if (done && this.hash.digest('hex') !== done.sha256) this.wrong.push(done.path);
    this.position += 1;
    this.tell({ files: 1, bytes: 0 });
    await this.begin();
  }
}

/** One write may take less than it is given, e.g. on a disk that is nearly full. */
export async function writeWhole(file: Pick<FileHandle, 'write'>, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.length;) {
    start += (await file.write(bytes, start, bytes.length - start)).bytesWritten;
  }
}
