import { copyFile, lstat, readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../../core/base/logger';
import { outdatedBackups, type Backup } from '../../../core/sync/backup';
import { ProjectSyncError } from '../../../core/sync/projectSyncError';
import { backupOf, isBackupId } from '../backupId';
import { SYNC_DIR } from '../places';
import { linkAbove, type Folder } from './lookHere';
import { fileAbove } from './putBack';
import { statIfThere, WorkspaceChange } from './workspaceChange';
import { withLock } from './workspaceLock';

/** Backups of the workspace, in no order. */
export async function listBackupsHere(root: string): Promise<Backup[]> {
  const dir = join(root, SYNC_DIR, 'backups');
  const ids = (await namesIn(dir)).filter(isBackupId);
  return Promise.all(
    ids.map(async (id) => backupOf(id, 'local', await filesBelow(join(dir, id, 'files'), ''))),
  );
}

/**
 * Puts files of a backup back; what they replace becomes a backup of its own. Nothing changes unless all of them can be.
 *
 * @throws ProjectSyncError when the backup has not one of the files, a folder with files is in its place, or its own folder is
 *   a link now
 */
export async function restoreHere(
  { root, hasModes }: Folder,
  { from, to }: { readonly from: string; readonly to: string },
  files: readonly string[],
  log: Logger,
): Promise<void> {
  const stateDir = join(root, SYNC_DIR);
  const backup = join(stateDir, 'backups', from, 'files');
  await withLock(stateDir, log, async () => {
    const folders = new Map<string, Promise<string | undefined>>();
    for (const path of files) {
      const why = await whyNotBack({ root, backup, folders }, path);
      if (why !== undefined) throw new ProjectSyncError(`${path} cannot be put back here: ${why}.`);
    }
    const change = new WorkspaceChange(root, join(stateDir, 'backups', to, 'files'), hasModes);
    const ready = join(stateDir, 'returning');
    for (const path of files) {
      const file = join(backup, path);
      const stat = await lstat(file);
      const isLink = stat.isSymbolicLink();
      await rm(ready, { force: true });
      // A copy: the backup stays what it is when the file is edited again.
      if (!isLink) await copyFile(file, ready);
      // A file that stands where a folder must be is replaced, too.
      const above = await fileAbove(root, path);
      if (above !== undefined) await change.drop(above);
      if (isLink) await change.placeLink(await readlink(file), path, ready);
      else await change.place(ready, path, (stat.mode & 0o111) !== 0);
    }
  });
}

/** What stands against putting a file back; undefined: nothing. */
async function whyNotBack(
  {
    root,
    backup,
    folders,
  }: {
    readonly root: string;
    readonly backup: string;
    readonly folders: Map<string, Promise<string | undefined>>;
  },
  path: string,
): Promise<string | undefined> {
  const link = await linkAbove(root, path, folders);
  if (link !== undefined) return `${link} is a symbolic link now`;
  if (!(await statIfThere(join(backup, path)))) return 'the backup does not hold it';
  const stat = await statIfThere(join(root, path));
  const isTaken = stat?.isDirectory() === true && (await filesBelow(join(root, path), '')).length > 0;
  return isTaken ? 'there is a folder in its place' : undefined;
}

/** Removes backups of the workspace that nobody asks for any more. Only under the lock, with no transfer under way. */
export async function pruneBackupsHere(root: string, nowMs: number): Promise<void> {
  const dir = join(root, SYNC_DIR, 'backups');
  const backups = (await namesIn(dir)).filter(isBackupId).map((id) => backupOf(id, 'local', []));
  for (const { id } of outdatedBackups(backups, nowMs))
    await rm(join(dir, id), { recursive: true, force: true });
}

async function filesBelow(dir: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(dir, folder), { withFileTypes: true }).catch(() => []);
  const nested = entries.map((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(dir, path) : Promise.resolve([path]);
  });
  return (await Promise.all(nested)).flat();
}

async function namesIn(dir: string): Promise<string[]> {
  if (!(await statIfThere(dir))) return [];
  return readdir(dir);
}
