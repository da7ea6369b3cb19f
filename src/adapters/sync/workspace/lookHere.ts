import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Content } from '../../../core/sync/content';
import type { HashCache, Stamp } from './hashCache';

/** Files that are read at one time: enough to keep a disk busy. */
const AT_ONCE = 8;

/** A folder that is looked at. */
export interface Folder {
  /** Absolute. */
  readonly root: string;
  /** Whether the executable bit means something there; default: as on this system. */
  readonly hasModes?: boolean | undefined;
}

/** What is at each path of a folder. Links are not followed, neither at the end of a path nor within. */
export async function lookHere(
  { root, hasModes = true }: Folder,
  paths: Iterable<string>,
  cache: HashCache,
  signal: AbortSignal,
): Promise<Map<string, Content>> {
  const contents = new Map<string, Content>();
  const folders = new Map<string, Promise<string | undefined>>();
  const queue = paths[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      signal.throwIfAborted();
      const path = next.value;
      const content = await lookAt(root, path, cache, folders);
      contents.set(path, hasModes ? content : withoutMode(content));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return contents;
}

function withoutMode(content: Content): Content {
  return content.kind === 'file' ? { kind: 'file', sha256: content.sha256 } : content;
}

async function lookAt(
  root: string,
  path: string,
  cache: HashCache,
  folders: Map<string, Promise<string | undefined>>,
): Promise<Content> {
  if ((await linkAbove(root, path, folders)) !== undefined)
    return { kind: 'other', what: 'its folder is a symbolic link' };
  const file = join(root, path);
  const nowMs = Date.now();
  try {
    const stat = await lstat(file);
    if (stat.isSymbolicLink()) return { kind: 'link', target: await readlink(file) };
    if (stat.isDirectory()) return { kind: 'absent', isFolder: true };
    if (!stat.isFile()) return { kind: 'other', what: 'it is neither a file nor a link' };
    const stamp: Stamp = {
      text: `${stat.size} ${stat.mtimeMs} ${stat.ctimeMs} ${stat.ino}`,
      changedAtMs: Math.max(stat.mtimeMs, stat.ctimeMs),
    };
    const known = cache.get(path, stamp);
    const sha256 = known ?? (await hashFile(file, stat.size));
    if (known === undefined) cache.set(path, stamp, sha256, nowMs);
    // Windows has no such bit.
    const isExecutable = process.platform === 'win32' ? undefined : (stat.mode & 0o111) !== 0;
    return { kind: 'file', sha256, ...(isExecutable !== undefined && { isExecutable }) };
  } catch (error) {
    if (isAbsence(error)) return { kind: 'absent' };
    return {
      kind: 'other',
      what: `it cannot be read (${error instanceof Error ? error.message : 'unknown'})`,
    };
  }
}

/**
 * The uppermost of the folders above a path that is a symbolic link: what is written there lands elsewhere.
 *
 * @param folders - memory of one look, so that a folder is asked about once
 */
export function linkAbove(
  root: string,
  path: string,
  folders: Map<string, Promise<string | undefined>>,
): Promise<string | undefined> {
  const end = path.lastIndexOf('/');
  if (end < 0) return Promise.resolve(undefined);
  const folder = path.slice(0, end);
  const known = folders.get(folder);
  if (known) return known;
  const answer = linkAbove(root, folder, folders).then(
    async (above) => above ?? ((await isLink(join(root, folder))) ? folder : undefined),
  );
  folders.set(folder, answer);
  return answer;
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    // What is not there is no link; the look at the file itself says the rest.
    return false;
  }
}

/** A stream for each of thousands of small files takes longer than their hashes. */
const SMALL_BYTES = 1 << 18;

/** SHA-256 of a file, as hexadecimal digits. @param size - of it, by which the way to read it is chosen */
export async function hashFile(file: string, size: number): Promise<string> {
  const hash = createHash('sha256');
  if (size <= SMALL_BYTES) hash.update(await readFile(file));
  else await pipeline(createReadStream(file, { highWaterMark: 1 << 18 }), hash);
  return hash.digest('hex');
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
