import { appendFile, readFile } from 'node:fs/promises';
import { parseCollected, type CollectedRecord } from '../../core/collection/collectedRecord';
import { systemCode } from './atomicFile';

/** `collected.jsonl` of a sweep: what is home. Several processes may add to it; a line that is lost costs a comparison. */
export class CollectedFile {
  constructor(private readonly path: string) {}

  async read(): Promise<CollectedRecord[]> {
    try {
      const lines = (await readFile(this.path, 'utf8')).split('\n');
      return lines.flatMap((line) => parseCollected(line) ?? []);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  /** The line break comes first, so that a torn line before spoils only itself. */
  async append(record: CollectedRecord): Promise<void> {
    await appendFile(this.path, `\n${JSON.stringify(record)}\n`);
  }
}
