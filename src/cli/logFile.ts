import { open, stat, type FileHandle } from 'node:fs/promises';

const CHUNK = 64 * 1024;

/** A file that grows while it is read. */
export class LogFile {
  private file: FileHandle | undefined;
  private inode = 0;
  private offset = 0;

  constructor(private readonly path: string) {}

  /** Whether there has been such a file. */
  get wasThere(): boolean {
    return this.file !== undefined;
  }

  /** What was written since the last call, as it is. From the beginning when another attempt began the file anew. */
  async *news(): AsyncGenerator<Uint8Array> {
    const file = await this.current();
    if (!file) return;
    if ((await file.stat()).size < this.offset) this.offset = 0;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, this.offset);
      if (bytesRead === 0) return;
      this.offset += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
  }

  private async current(): Promise<FileHandle | undefined> {
    try {
      const { ino } = await stat(this.path);
      if (this.file && ino === this.inode) return this.file;
      await this.file?.close();
      this.file = await open(this.path, 'r');
      this.inode = ino;
      this.offset = 0;
    } catch (error) {
      // Not there: the task has not started yet.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    return this.file;
  }
}
