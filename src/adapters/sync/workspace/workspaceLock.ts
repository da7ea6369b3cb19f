import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { HsmError } from '../../../core/base/errors';
import { statIfThere } from './workspaceChange';

/** A lock without its maker's name is being made, or its maker died: after this time it is the latter. */
const NAMELESS_MS = 60_000;

/**
 * Lets one sync change a folder at a time, the programs of `change.sh` included, which know the same lock.
 *
 * @throws HsmError `sync.refused` when another one is at work
 */
export async function withLock<T>(stateDir: string, work: () => Promise<T>): Promise<T> {
  const lock = join(stateDir, 'lock');
  await refuseLinks(stateDir);
  await mkdir(stateDir, { recursive: true });
  if (!(await take(lock))) {
    await removeIfDead(lock);
    if (!(await take(lock))) throw busy('another process');
  }
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** A link that a repository brought would lead what is kept out of the project. */
async function refuseLinks(stateDir: string): Promise<void> {
  for (const folder of [dirname(stateDir), stateDir]) {
    if ((await statIfThere(folder))?.isSymbolicLink()) {
      throw new HsmError('sync.refused', `${folder} is a symbolic link. Nothing was changed.`, {
        reasons: [],
        hint: 'Replace it by a folder.',
      });
    }
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  try {
    await writeFile(join(lock, 'holder'), `${process.pid} ${hostname()}\n`);
  } catch (error) {
    await rm(lock, { recursive: true, force: true });
    throw error;
  }
  return true;
}

/** Removes a lock whose maker is gone. */
async function removeIfDead(lock: string): Promise<void> {
  const [pid, host] = (await readHolder(lock)).trim().split(' ');
  if (pid === undefined || host === undefined) {
    const age = Date.now() - (await stat(lock)).mtimeMs;
    if (age < NAMELESS_MS) throw busy('another process');
  } else if (host !== hostname() || isAlive(Number(pid))) throw busy(`process ${pid} on ${host}`);
  await rm(lock, { recursive: true, force: true });
}

async function readHolder(lock: string): Promise<string> {
  try {
    return await readFile(join(lock, 'holder'), 'utf8');
  } catch {
    // Not written yet, or gone with its lock.
    return '';
  }
}

/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function busy(who: string): HsmError {
  return new HsmError(
    'sync.refused',
    `Another sync is at work in the workspace (${who}). Nothing was changed.`,
    {
      reasons: [],
      hint: 'Wait until it is over.',
    },
  );
}
