import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Content } from '../../core/sync/content';
import type { SyncedContents } from '../../core/sync/fileFacts';
import { syncFolderOf, writeDurably } from './durable';

interface Stored {
  readonly format: 1;
  /** The checkout that it is about; it says nothing of another one. */
  readonly identity: string;
  readonly files: readonly (readonly [path: string, content: Content])[];
}

/** What was last synced with one checkout, as a file in the workspace. Lost, everything that differs is a conflict. */
export class SyncedFile {
  constructor(private readonly path: string) {}

  /** Empty when nothing was ever synced with this checkout. */
  async read(identity: string): Promise<SyncedContents> {
    try {
      const stored = JSON.parse(await readFile(this.path, 'utf8')) as Stored;
      return new Map(stored.identity === identity ? stored.files : []);
    } catch {
      // There is none, or it was damaged: without it more is asked, nothing is lost.
      return new Map();
    }
  }

  async write(identity: string, synced: SyncedContents): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const temporary = `${this.path}.new`;
    const stored: Stored = { format: 1, identity, files: [...synced] };
    await writeDurably(temporary, JSON.stringify(stored));
    await rename(temporary, this.path);
    await syncFolderOf(this.path);
  }
}
