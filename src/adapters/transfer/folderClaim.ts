import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/**
 * Takes a folder by the next of its files `owner.N`, unless a living process has one: of those who find it deserted, one
 * alone can make that file.
 *
 * @returns the path of that file; undefined: somebody else has the folder, or has just removed it
 */
export function claimFolder(dir: string): string | undefined {
  const before = ownersOf(dir);
  if (before.some(isAlive)) return undefined;
  const number = Math.max(0, ...before.map((owner) => Number(owner.slice(owner.lastIndexOf('.') + 1)))) + 1;
  const mine = join(dir, `owner.${number}`);
  try {
    writeFileSync(mine, `${hostname()} ${process.pid}\n`, { flag: 'wx' });
  } catch (error) {
    if (['EEXIST', 'ENOENT'].includes(codeOf(error))) return undefined;
    rmSync(mine, { force: true });
    throw error;
  }
  // Who has emptied the folder since the look above, and had it again, began to count anew.
  const others = ownersOf(dir).filter((owner) => owner !== mine);
  if (!others.some(isAlive)) {
    for (const owner of others) rmSync(owner, { force: true });
    return mine;
  }
  rmSync(mine, { force: true });
  return undefined;
}

function ownersOf(dir: string): string[] {
  try {
    return readdirSync(dir).flatMap((name) => (/^owner\.\d+$/.test(name) ? join(dir, name) : []));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** A process of another machine cannot be looked at, and one that has not said yet who it is neither: they count as alive. */
function isAlive(owner: string): boolean {
  let text: string;
  try {
    text = readFileSync(owner, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  const [host, pid] = text.trim().split(' ');
  if (host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
