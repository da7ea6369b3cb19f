import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DriverInfo, DriverLock } from '../../core/engine/sweepStore';
import { createExclusive, systemCode } from './atomicFile';
import { livenessOf, ownIdentity, type ProcessIdentity } from '../host/processIdentity';

interface Holder extends ProcessIdentity {
  readonly released?: true;
}

/**
 * The lock of a sweep: a folder of numbered files. The highest number is the holder; whoever creates the next number
 * exclusively has taken over from a holder that released it or is dead. The highest file is never deleted, so two
 * processes that saw the same dead holder cannot both succeed.
 *
 * @returns the lock, or the living holder. A holder on another machine counts as living: it cannot be seen from here.
 */
export async function acquireDriver(folder: string): Promise<DriverLock | DriverInfo> {
  await mkdir(folder, { recursive: true });
  const highest = await highestNumber(folder);
  const holder = await readHolder(folder, highest);
  if (holder && isHeld(holder)) return { pid: holder.pid, host: holder.host };
  const mine = highest + 1;
  const identity = ownIdentity();
  const path = join(folder, String(mine));
  const created = await createExclusive(path, JSON.stringify(identity));
  // Somebody slower than us may have looked before a whole cycle of take-overs; the highest number is the judge.
  if (!created || (await highestNumber(folder)) !== mine) {
    if (created) await rm(path, { force: true });
    return acquireDriver(folder);
  }
  for (const number of await numbers(folder)) {
    if (number < mine) await rm(join(folder, String(number)), { force: true });
  }
  return lockOf(path, identity);
}

/** The living holder, if any. */
export async function currentDriver(folder: string): Promise<DriverInfo | undefined> {
  const holder = await readHolder(folder, await highestNumber(folder));
  return holder && isHeld(holder) ? { pid: holder.pid, host: holder.host } : undefined;
}

function lockOf(path: string, identity: ProcessIdentity): DriverLock {
  let released = false;
  return {
    dispose() {
      if (released) return;
      released = true;
      try {
        writeFileSync(path, JSON.stringify({ ...identity, released: true }));
      } catch (error) {
        // On a full disk the mark cannot be written. Removing the file needs no space, and we hold the highest number.
        if (systemCode(error) !== 'ENOENT') rmSync(path, { force: true });
      }
    },
  };
}

function isHeld(holder: Holder): boolean {
  return holder.released !== true && livenessOf(holder) !== 'dead';
}

async function numbers(folder: string): Promise<number[]> {
  try {
    return (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function highestNumber(folder: string): Promise<number> {
  return Math.max(0, ...(await numbers(folder)));
}

async function readHolder(folder: string, number: number): Promise<Holder | undefined> {
  if (number === 0) return undefined;
  try {
    return JSON.parse(await readFile(join(folder, String(number)), 'utf8')) as Holder;
  } catch (error) {
    // Gone: replaced meanwhile. Not JSON: its writer died while marking it released.
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
