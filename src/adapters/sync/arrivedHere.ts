import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../core/base/logger';
import type { Awaited } from './incoming';
import { hashFile } from './workspace/lookHere';
import { isCode, statIfThere } from './workspace/workspaceChange';
import { withLock } from './workspace/workspaceLock';

/** As old may be what a pull left that broke off. */
const LEFT_MS = 3 * 24 * 60 * 60 * 1000;

/** Removes what a pull left that broke off some days ago. @param stateDir - of the sync here, absolute */
export async function dropOldStaging(
  stateDir: string,
  nowMs: number,
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  const staging = join(stateDir, 'staging');
  const isOld = async (): Promise<boolean> => {
    const stat = await statIfThere(staging);
    return stat !== undefined && nowMs - stat.mtimeMs > LEFT_MS;
  };
  if (!(await isOld())) return;
  await withLock(stateDir, log, async () => {
    if (await isOld()) await rm(staging, { recursive: true, force: true });
  });
}

/**
 * Makes the folder ready that takes what a pull fetches. What arrived there whole for a pull that broke off, by its SHA-256, is
 * moved to where it is awaited now; everything else in it goes.
 *
 * The lock of the side must be held: nobody else works there then.
 *
 * @returns what is still to come
 */
export async function prepareStaging(
  staging: string,
  awaited: readonly Awaited[],
): Promise<readonly Awaited[]> {
  const kept = join(staging, 'kept');
  const wanted = new Set(awaited.map(({ sha256 }) => sha256));
  const found = (await isOurs(staging)) ? await keepWanted(staging, kept, wanted) : new Set<string>();
  if (found.size === 0) await rm(staging, { recursive: true, force: true });
  await mkdir(join(staging, 'files'), { recursive: true });
  const missing: Awaited[] = [];
  for (const each of awaited) {
    // Each content once, because it is moved.
    if (found.delete(each.sha256)) await rename(join(kept, each.sha256), each.ready);
    else missing.push(each);
  }
  return missing;
}

/** Whether the folder is there, and no link that a repository brought leads out of it. */
async function isOurs(staging: string): Promise<boolean> {
  const folders = [staging, join(staging, 'files'), join(staging, 'kept')];
  const [top, ...inside] = await Promise.all(folders.map(statIfThere));
  return top?.isDirectory() === true && inside.every((stat) => stat?.isDirectory() !== false);
}

/** Gathers what is wanted in the folder `kept`, under its SHA-256, and removes the rest. What is there already is read again. */
async function keepWanted(staging: string, kept: string, wanted: ReadonlySet<string>): Promise<Set<string>> {
  await mkdir(kept, { recursive: true });
  const found = new Set<string>();
  for (const folder of [kept, join(staging, 'files')]) {
    for (const name of await namesIn(folder)) {
      const file = join(folder, name);
      const stat = await lstat(file);
      const sha256 = stat.isFile() ? await hashFile(file, stat.size) : '';
      if (!wanted.has(sha256) || found.has(sha256)) {
        await rm(file, { recursive: true, force: true });
        continue;
      }
      await flush(file);
      await rename(file, join(kept, sha256));
      found.add(sha256);
    }
  }
  const others = (await readdir(staging)).filter((name) => name !== 'kept');
  for (const name of others) await rm(join(staging, name), { recursive: true, force: true });
  return found;
}

/** Whoever wrote it may have died before it was on the disk. */
async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.datasync().finally(() => handle.close());
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}
