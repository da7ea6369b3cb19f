import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parentsOf } from './remotePath';

/** Files looked at before other work of this process gets its turn. */
export const SLICE = 500;

/**
 * Lets other work have its turn after every slice.
 *
 * @throws the signal's reason: before the first, and after each turn that others had
 */
export async function inSlices<T>(
  items: Iterable<T>,
  signal: AbortSignal,
  act: (item: T) => void,
): Promise<void> {
  signal.throwIfAborted();
  let done = 0;
  for (const item of items) {
    act(item);
    done += 1;
    if (done % SLICE > 0) continue;
    await setImmediate();
    signal.throwIfAborted();
  }
}

/**
 * Makes directories with their parents, except where something else has their place.
 *
 * @throws the signal's reason
 */
export async function makeDirectories(
  target: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const known = new Map<string, boolean>();
  await inSlices(paths, signal, (path) => makePlaceFor(target, `${path}/x`, known));
}

/**
 * Makes the parents of a path.
 *
 * @param known - what is known of directories by now, by their paths
 * @returns false: one of them, or the path itself, is something else
 */
export function makePlaceFor(target: string, path: string, known: Map<string, boolean>): boolean {
  const canHold = ['', ...parentsOf(path)].every((parent) => {
    const before = known.get(parent);
    if (before !== undefined) return before;
    const isDirectory = ensureDirectory(join(target, parent));
    known.set(parent, isDirectory);
    return isDirectory;
  });
  return canHold && !isDirectory(join(target, path));
}

/** @returns false: something else has its place */
export function ensureDirectory(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat) return stat.isDirectory();
  mkdirSync(path);
  return true;
}

/** A link to one is none. */
export function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
