import type { DirectoryEntry, FileStamp, ResultFiles } from '../../src/core/results/resultFiles';

/** Files in memory, by absolute path; counts what is read. */
export class MemoryResultFiles implements ResultFiles {
  private readonly content = new Map<string, { bytes: Uint8Array; modifiedMs: number }>();
  /** The time of the next file, in milliseconds. */
  now = 1;
  /** Paths that cannot be read, as without the right to. */
  readonly unreadable = new Set<string>();
  /** Paths, one for each piece. */
  readonly reads: string[] = [];
  largestPiece = 0;

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    for (const [path, content] of Object.entries(files)) this.put(path, content);
  }

  put(path: string, content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    this.content.set(path, { bytes, modifiedMs: this.now++ });
  }

  remove(path: string): void {
    this.content.delete(path);
  }

  entries(dir: string): Promise<readonly DirectoryEntry[]> {
    if (this.unreadable.has(dir))
      return Promise.reject(new Error(`EACCES: permission denied, scandir '${dir}'`));
    const names = new Map<string, boolean>();
    for (const path of this.content.keys()) {
      if (!path.startsWith(`${dir}/`)) continue;
      const [name = '', ...below] = path.slice(dir.length + 1).split('/');
      names.set(name, below.length > 0);
    }
    return Promise.resolve([...names].map(([name, isDirectory]) => ({ name, isDirectory })));
  }

  stat(path: string): Promise<FileStamp | undefined> {
    const file = this.content.get(path);
    return Promise.resolve(file && { size: file.bytes.length, modifiedMs: file.modifiedMs });
  }

  readBytes(path: string, offset: number, maxBytes: number): Promise<Uint8Array | undefined> {
    if (this.unreadable.has(path))
      return Promise.reject(new Error(`EACCES: permission denied, open '${path}'`));
    this.reads.push(path);
    const piece = this.content.get(path)?.bytes.slice(offset, offset + maxBytes);
    this.largestPiece = Math.max(this.largestPiece, piece?.length ?? 0);
    return Promise.resolve(piece);
  }
}
