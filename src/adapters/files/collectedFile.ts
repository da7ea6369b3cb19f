import { appendFile, open, type FileHandle } from 'node:fs/promises';
import type { CollectedPiece } from '../../core/engine/sweepStore';
import { parseCollected, type CollectedRecord } from '../../core/collection/collectedRecord';
import { systemCode } from './atomicFile';

/** `collected.jsonl` of a sweep: what is home. Several processes may add to it; a line that is lost costs a comparison. */
export class CollectedFile {
  constructor(private readonly path: string) {}

  /** Reads the complete lines from an offset on; all of them when the file is shorter than that. */
  async read(offset: number): Promise<CollectedPiece> {
    let file: FileHandle | undefined;
    try {
      file = await open(this.path);
      const { size } = await file.stat();
      const begin = size < offset ? 0 : offset;
      const bytes = Buffer.alloc(size - begin);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, begin);
      const end = bytes.subarray(0, bytesRead).lastIndexOf('\n') + 1;
      const lines = bytes.toString('utf8', 0, end).split('\n');
      return { records: lines.flatMap((line) => parseCollected(line) ?? []), end: begin + end };
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return { records: [], end: 0 };
      throw error;
    } finally {
      await file?.close();
    }
  }

  /** The line break comes first, so that a torn line before spoils only itself. */
  async append(record: CollectedRecord): Promise<void> {
    await appendFile(this.path, `\n${JSON.stringify(record)}\n`);
  }
}
