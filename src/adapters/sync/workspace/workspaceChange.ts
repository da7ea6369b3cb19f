import { constants, type Stats } from 'node:fs';
import {
  appendFile,
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  symlink,
  utimes,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SYNC_DIR } from '../places';

/** Keeps and replaces files of the workspace, each in one step. Paths are relative to the project's root. */
export class WorkspaceChange {
  readonly kept: string[] = [];

  constructor(
    private readonly root: string,
    /** Absolute; the files of the backup, by their paths. */
    private readonly backupDir: string,
    /** Whether the executable bit means something; where not, it is set if it can be, and never taken away. */
    private readonly hasModes = true,
  ) {}

  /** Keeps what is at a path: as a second name where the disk has those, else as a copy. */
  async keep(path: string): Promise<void> {
    const [file, copy] = [join(this.root, path), join(this.backupDir, path)];
    const stat = await statIfThere(file);
    if (!stat || stat.isDirectory() || (await statIfThere(copy))) return;
    await makeFolders(dirname(copy));
    if (stat.isSymbolicLink()) await symlink(await readlink(file), copy);
    else {
      await link(file, copy).catch(() => copyFile(file, copy, constants.COPYFILE_EXCL));
    }
    this.kept.push(path);
  }

  /**
   * Puts a file that lies ready on the same disk in its place. Its permissions stay, but for the executable bit.
   *
   * @param isExecutable - undefined: as it is
   */
  async place(ready: string, path: string, isExecutable: boolean | undefined): Promise<void> {
    // What was built or compiled from the version that goes must not look newer than the one that comes.
    const now = new Date();
    await utimes(ready, now, now);
    const file = join(this.root, path);
    await removeEmptied(file);
    const old = await statIfThere(file);
    await this.keep(path);
    await this.makeMode(ready, old, isExecutable);
    await makeFolders(dirname(file));
    await rename(ready, file);
  }

  /** A new file has what the umask gave it when it was made ready. */
  private async makeMode(
    ready: string,
    old: Stats | undefined,
    isExecutable: boolean | undefined,
  ): Promise<void> {
    const present = (await lstat(ready)).mode & 0o777;
    const mode = old?.isFile() ? old.mode & 0o777 : present;
    const isTaken = isExecutable === false && this.hasModes;
    const wanted = isExecutable === true ? mode | ((mode & 0o444) >> 2) : isTaken ? mode & ~0o111 : mode;
    if (wanted === present) return;
    try {
      await chmod(ready, wanted);
    } catch (error) {
      // Such a disk may refuse it.
      if (this.hasModes) throw error;
    }
  }

  async placeLink(target: string, path: string, ready: string): Promise<void> {
    const file = join(this.root, path);
    await removeEmptied(file);
    await this.keep(path);
    await rm(ready, { force: true });
    await symlink(target, ready);
    await makeFolders(dirname(file));
    await rename(ready, file);
  }

  /** The file itself becomes the backup; folders that are empty then go, as with git. */
  async drop(path: string): Promise<void> {
    const copy = join(this.backupDir, path);
    await makeFolders(dirname(copy));
    await rename(join(this.root, path), copy);
    this.kept.push(path);
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      try {
        await rmdir(join(this.root, folder));
      } catch {
        // It is not empty.
        return;
      }
    }
  }
}

/** Removes a folder in a file's place that has nothing in it, or only such folders. @throws Error when it has more */
async function removeEmptied(folder: string): Promise<void> {
  if ((await statIfThere(folder))?.isDirectory() !== true) return;
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some((entry) => !entry.isDirectory())) throw new Error('there is a folder in its place');
  for (const { name } of entries) await removeEmptied(join(folder, name));
  await rmdir(folder);
}

/** Keeps the user's git from seeing what is kept in the workspace. */
export async function hideFromGit(gitDir: string): Promise<void> {
  const file = join(gitDir, 'info', 'exclude');
  const line = `**/${SYNC_DIR}/`;
  const known = await readFile(file, 'utf8').catch(() => '');
  if (known.split('\n').includes(line)) return;
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${known === '' || known.endsWith('\n') ? '' : '\n'}${line}\n`);
}

/** As a recursive `mkdir`, but it tells a full disk: Node's says that there is no such folder. */
async function makeFolders(dir: string): Promise<void> {
  try {
    await mkdir(dir);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return;
    if (!isCode(error, 'ENOENT')) throw error;
    await makeFolders(dirname(dir));
    await mkdir(dir);
  }
}

/** Whether an error is the one of the system with that name, e.g. `EEXIST`. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Undefined where nothing is. */
export async function statIfThere(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file);
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}
