import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readlinkSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorText } from '../../core/base/errors';
import { inSlices, isDirectory, makePlaceFor } from './localPlaces';
import { parentsOf } from './remotePath';
import type { SkippedFile } from './transfer';
import { isFullCode } from './transferError';

/**
 * Makes symbolic links, after what they lead to is there; one that is there already is left as it is. A link or a file
 * that has the name of one is replaced, a directory is not.
 *
 * @param links - path → where it leads
 * @returns what could not appear
 * @throws the signal's reason; the system's error when the disk is full or takes nothing
 */
export async function makeLinks(
  target: string,
  links: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<SkippedFile[]> {
  const known = new Map<string, boolean>();
  const skipped: SkippedFile[] = [];
  if (links.size > 0) mkdirSync(target, { recursive: true });
  await inSlices(links, signal, ([path, to]) => {
    const detail = placeLink(target, path, to, known);
    if (detail !== undefined) skipped.push({ path, reason: 'place', detail });
  });
  return skipped;
}

/** Where a symbolic link here leads, as it says; undefined: there is none of that path, or one is on the way to it. */
export function linkHere(dir: string, path: string): string | undefined {
  const isReached = parentsOf(path).every((parent) => isDirectory(join(dir, parent)));
  const stat = isReached ? lstatSync(join(dir, path), { throwIfNoEntry: false }) : undefined;
  return stat?.isSymbolicLink() === true ? readlinkSync(join(dir, path)) : undefined;
}

/**
 * What would keep a link from being made by {@link makeLinks}; undefined: nothing that can be seen from here.
 *
 * @param faultOfDisk - what {@link faultOfLinksIn} said
 */
export function faultOfPlace(dir: string, path: string, faultOfDisk: string | undefined): string | undefined {
  const isBlocked = parentsOf(path).some((parent) => isNoDirectory(join(dir, parent)));
  return isBlocked || isDirectory(join(dir, path)) ? otherThing : faultOfDisk;
}

/** Whether the disk that a directory is on has symbolic links, by making one; if not, why. Nothing of it stays. */
export function faultOfLinksIn(dir: string): string | undefined {
  const draft = draftIn(dir);
  try {
    symlinkSync('nothing', draft);
    unlinkSync(draft);
    return undefined;
  } catch (error) {
    // Before a first collection there is no such directory: that one will tell.
    return isFullCode(error) || codeOf(error) === 'ENOENT' ? undefined : faultOf(error);
  }
}

const otherThing = 'has something else in its place here';

function placeLink(
  target: string,
  path: string,
  to: string,
  known: Map<string, boolean>,
): string | undefined {
  try {
    if (linkHere(target, path) === to) return undefined;
    if (!makePlaceFor(target, path, known)) return otherThing;
    makeLink(join(target, path), to);
    return undefined;
  } catch (error) {
    // One link must not keep all the files that came with it from counting as here.
    if (isFullCode(error)) throw error;
    return faultOf(error);
  }
}

function makeLink(file: string, to: string): void {
  const draft = draftIn(dirname(file));
  symlinkSync(to, draft);
  try {
    renameSync(draft, file);
  } catch (error) {
    unlinkSync(draft);
    throw error;
  }
}

function draftIn(dir: string): string {
  return join(dir, `.${randomBytes(6).toString('hex')}.link`);
}

function faultOf(error: unknown): string {
  const isOfDisk = error instanceof Error && 'syscall' in error && error.syscall === 'symlink';
  const hasNone = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error));
  if (isOfDisk && hasNone) return 'is a symbolic link, which this disk cannot have';
  return `is a symbolic link that cannot be made here: ${errorText(error)}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function isNoDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
}
