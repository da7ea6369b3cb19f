import { constants } from 'node:fs';
import { copyFile, link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode, statIfThere } from './workspaceChange';

/**
 * A copy of the index that a merge works on, while git's own lock keeps the owner's as it is. The lock is taken as git takes
 * it, and has the id of the sync in it: a recovery knows it again, and touches no other. So have the names of all other files
 * beside the index: the repository may have several projects.
 */
export class IndexCopy {
  /** Absolute. */
  readonly file: string;
  readonly lockFile: string;
  private readonly index: string;
  /** The lock before it is in its place. */
  private readonly ready: string;

  constructor(
    gitDir: string,
    private readonly id: string,
  ) {
    this.index = join(gitDir, 'index');
    this.file = join(gitDir, `hsm-index.${id}`);
    this.ready = join(gitDir, `hsm-lock.${id}`);
    this.lockFile = join(gitDir, 'index.lock');
  }

  /** False while another git has the lock. @throws Error when it cannot be written */
  async lock(): Promise<boolean> {
    try {
      await writeFile(this.ready, `${this.id}\n`);
      await this.place();
    } finally {
      await rm(this.ready, { force: true });
    }
    return this.isLocked();
  }

  private async place(): Promise<void> {
    try {
      await link(this.ready, this.lockFile);
    } catch {
      // There is one, or the disk knows no links: then by a file that must be new.
      try {
        await copyFile(this.ready, this.lockFile, constants.COPYFILE_EXCL);
      } catch (error) {
        if (!isCode(error, 'EEXIST')) throw error;
      }
    }
  }

  /** Whether the lock is ours. */
  async isLocked(): Promise<boolean> {
    const text = await readFile(this.lockFile, 'utf8').catch(() => undefined);
    return text === `${this.id}\n`;
  }

  /** @param before - takes a second copy, for a recovery */
  async make(before: string): Promise<void> {
    const found = await statIfThere(this.index);
    if (!found) return;
    for (const copy of [this.file, before]) {
      await copyFile(this.index, copy);
      // Git tells by the time of an index which entries may have changed unseen. Earlier means that it looks.
      await utimes(copy, found.atime, Math.floor(found.mtimeMs / 1000));
    }
  }

  /** The copy becomes the index, in one step. */
  async install(): Promise<void> {
    if (await statIfThere(this.file)) await rename(this.file, this.index);
    await this.drop();
  }

  async drop(): Promise<void> {
    await rm(this.file, { force: true });
    await rm(`${this.file}.lock`, { force: true });
    await rm(this.ready, { force: true });
    if (await this.isLocked()) await rm(this.lockFile, { force: true });
  }

  async isThere(): Promise<boolean> {
    return (await statIfThere(this.file)) !== undefined;
  }

  /** Whether nobody wrote the index since {@link make}. */
  async isUnchangedSince(before: string): Promise<boolean> {
    if (!(await statIfThere(this.index))) return true;
    if (!(await statIfThere(before))) return false;
    const [now, then] = await Promise.all([this.index, before].map((file) => stat(file)));
    if (now?.size !== then?.size) return false;
    return (await readFile(this.index)).equals(await readFile(before));
  }
}
