import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { FileSum } from './fileSum';

/** Each write is a call of the system, and there are thousands of pieces. */
const WRITE_BYTES = 1024 * 1024;

/**
 * A file that is written while it comes, and hashed as it passes. One write is under way while the next one gathers, so
 * that a slow disk holds up the one who sends and no more than two writes lie in memory.
 */
export class LargeFile {
  private readonly hash = createHash('sha256');
  private pieces: Buffer[] = [];
  private gathered = 0;
  private size = 0;
  private writing: Promise<unknown> = Promise.resolve();

  private constructor(private readonly handle: FileHandle) {}

  /** Empties a file that is there. */
  static async create(path: string): Promise<LargeFile> {
    return new LargeFile(await open(path, 'w'));
  }

  /** @returns a promise when the caller has to wait */
  write(bytes: Buffer): Promise<void> | undefined {
    this.hash.update(bytes);
    this.size += bytes.length;
    this.pieces.push(bytes);
    this.gathered += bytes.length;
    return this.gathered < WRITE_BYTES ? undefined : this.flush();
  }

  /** All is in the file; it is closed. */
  async end(mtimeSec: number): Promise<FileSum> {
    try {
      await this.flush();
      await this.writing;
      await this.handle.utimes(mtimeSec, mtimeSec);
    } finally {
      await this.handle.close();
    }
    return { size: this.size, sha256: this.hash.digest('hex') };
  }

  /** Nothing more will come: what has come stays, as the beginning of the file. Never rejects. */
  async abandon(): Promise<void> {
    try {
      await this.flush();
      await this.writing;
    } catch {
      // Why nothing more comes is told already, and a shorter beginning is one, too.
    }
    await this.handle.close().catch(() => undefined);
  }

  private async flush(): Promise<void> {
    const { pieces } = this;
    this.pieces = [];
    this.gathered = 0;
    await this.writing;
    this.writing = pieces.length === 0 ? Promise.resolve() : writeAll(this.handle, pieces);
    // Whoever waits for it next is told; until then it counts as handled.
    this.writing.catch(() => undefined);
  }
}

/** A full disk takes a part of a write before it refuses. */
async function writeAll(handle: FileHandle, pieces: readonly Buffer[]): Promise<void> {
  const [only] = pieces;
  const bytes = pieces.length === 1 && only ? only : Buffer.concat(pieces);
  for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
}
