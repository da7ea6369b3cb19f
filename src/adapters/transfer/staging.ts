import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { claimFolder } from './folderClaim';
import { parentsOf } from './remotePath';
import type { SkippedFile } from './transfer';
import type { TreeEntry } from './treeListing';

/** Files looked at before other work of this process gets its turn. */
const SLICE = 500;

/**
 * A directory of this user's alone, beside the target, where files arrive before they appear in it. What an interrupted
 * pull left in it serves the next one into the same target.
 *
 * File system calls are synchronous, in slices: for ten thousand small files that is several times faster, and each is
 * a few microseconds.
 */
export class Staging {
  /** Absolute. */
  readonly files: string;

  private constructor(
    private readonly dir: string,
    private readonly owner: string,
    private readonly target: string,
  ) {
    this.files = join(dir, 'files');
  }

  /** Opens the one that belongs to the target; while another pull has that one, a new one. */
  static open(target: string): Staging {
    const usual = join(dirname(target), `.${basename(target)}.incoming`);
    mkdirSync(dirname(target), { recursive: true });
    makePrivate(usual);
    const owner = claimFolder(usual);
    if (owner !== undefined) return new Staging(usual, owner, target).prepare();
    const own = `${usual}.${randomBytes(4).toString('hex')}`;
    makePrivate(own);
    return new Staging(own, claimFolder(own) ?? join(own, 'owner.1'), target).prepare();
  }

  /** Removes what is not one of `wanted`, and tells which of those are here already with all their bytes. */
  async keepOnly(
    wanted: ReadonlyMap<string, TreeEntry>,
  ): Promise<{ complete: Set<string>; parts: string[] }> {
    const complete = new Set<string>();
    const parts: string[] = [];
    for (const { path, isFile } of walk(this.files)) {
      const entry = wanted.get(path);
      const stat = entry && isFile ? lstatSync(join(this.files, path)) : undefined;
      if (!entry || !stat?.isFile()) rmSync(join(this.files, path), { recursive: true, force: true });
      else if (isSame(stat, entry)) complete.add(path);
      else parts.push(path);
      if ((complete.size + parts.length) % SLICE === 0) await setImmediate();
    }
    return { complete, parts };
  }

  /**
   * Lets files appear in the target. A link or a file where a directory has to be is not followed and not replaced. A
   * directory that is not there yet appears with all that is in it.
   *
   * @returns what could not appear
   */
  async publish(paths: readonly string[]): Promise<SkippedFile[]> {
    const skipped: SkippedFile[] = [];
    const isPlace = new Map<string, boolean>();
    const rest = new Set(paths);
    if (ensureDirectory(this.target)) await this.publishWhole(rest, '');
    let index = 0;
    for (const path of rest) {
      index += 1;
      if (!makePlaceFor(this.target, path, isPlace)) {
        skipped.push({ path, reason: 'place', detail: 'has something else in its place here' });
      } else renameSync(join(this.files, path), join(this.target, path));
      if (index % SLICE === 0) await setImmediate();
    }
    return skipped;
  }

  /** Lets directories appear that hold nothing but what is to appear and that the target lacks. Takes that from `paths`. */
  private async publishWhole(paths: Set<string>, parent: string): Promise<void> {
    for (const [index, entry] of readdirSync(join(this.files, parent), { withFileTypes: true }).entries()) {
      if (index % SLICE === SLICE - 1) await setImmediate();
      if (!entry.isDirectory()) continue;
      const dir = parent === '' ? entry.name : `${parent}/${entry.name}`;
      const there = lstatSync(join(this.target, dir), { throwIfNoEntry: false });
      if (there?.isDirectory()) await this.publishWhole(paths, dir);
      if (there) continue;
      const inside = [...walk(this.files, dir)].map(({ path }) => path);
      if (inside.length === 0 || !inside.every((path) => paths.has(path))) continue;
      renameSync(join(this.files, dir), join(this.target, dir));
      for (const path of inside) paths.delete(path);
    }
  }

  /** It has served. Ours until nothing is in it any more. */
  remove(): void {
    rmSync(this.files, { recursive: true, force: true });
    this.giveUp();
  }

  /** Gives up the claim. What is in it stays for the next pull, unless nobody would find it. */
  leave(): void {
    if (!this.dir.endsWith('.incoming')) rmSync(this.files, { recursive: true, force: true });
    else removeEmpty(this.files);
    this.giveUp();
  }

  private giveUp(): void {
    rmSync(this.owner, { force: true });
    try {
      if (!existsSync(this.files)) rmdirSync(this.dir);
    } catch {
      // Somebody else has it by now.
    }
  }

  private prepare(): this {
    mkdirSync(this.files, { recursive: true, mode: 0o700 });
    return this;
  }
}

/** Makes directories with their parents, except where something else has their place. */
export function makeDirectories(target: string, paths: readonly string[]): void {
  const known = new Map<string, boolean>();
  for (const path of paths) makePlaceFor(target, `${path}/x`, known);
}

/**
 * Makes symbolic links, after what they lead to is there; one that is there already is left as it is. A link or a file
 * that has the name of one is replaced, a directory is not.
 *
 * @param links - path → where it leads
 * @returns what could not appear
 */
export function makeLinks(target: string, links: ReadonlyMap<string, string>): SkippedFile[] {
  const known = new Map<string, boolean>();
  if (links.size > 0) mkdirSync(target, { recursive: true });
  return [...links].flatMap(([path, to]): SkippedFile | readonly [] => {
    if (linkHere(target, path) === to) return [];
    if (!makePlaceFor(target, path, known))
      return { path, reason: 'place', detail: 'has something else in its place here' };
    return placeLink(join(target, path), to) ? [] : { path, reason: 'place', detail: noLinks };
  });
}

const noLinks = 'is a symbolic link, which this disk cannot have';

/** False: there are no links on the file system. */
function placeLink(file: string, to: string): boolean {
  const draft = join(dirname(file), `.${randomBytes(6).toString('hex')}.link`);
  try {
    symlinkSync(to, draft);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) return false;
    throw error;
  }
  renameSync(draft, file);
  return true;
}

/** Where a symbolic link here leads, as it says; undefined: there is none of that path, or one is on the way to it. */
export function linkHere(dir: string, path: string): string | undefined {
  const isReached = parentsOf(path).every((parent) => isDirectory(join(dir, parent)));
  const stat = isReached ? lstatSync(join(dir, path), { throwIfNoEntry: false }) : undefined;
  return stat?.isSymbolicLink() === true ? readlinkSync(join(dir, path)) : undefined;
}

/** Makes the parents of a path. False: one of them, or the path itself, is something else. */
function makePlaceFor(target: string, path: string, known: Map<string, boolean>): boolean {
  const canHold = ['', ...parentsOf(path)].every((parent) => {
    const before = known.get(parent);
    if (before !== undefined) return before;
    const isDirectory = ensureDirectory(join(target, parent));
    known.set(parent, isDirectory);
    return isDirectory;
  });
  return canHold && !isDirectory(join(target, path));
}

/** Whether a file of ours is, by size and time of change, the one there. */
export function isSame(stat: { readonly size: number; readonly mtimeMs: number }, entry: TreeEntry): boolean {
  return stat.size === entry.size && Math.floor(stat.mtimeMs / 1000) === entry.mtimeSec;
}

/** Those of the files that the directory has already as they are there. Links do not count. */
export async function findUnchanged(
  dir: string,
  wanted: ReadonlyMap<string, TreeEntry>,
): Promise<Set<string>> {
  const unchanged = new Set<string>();
  const isHere = new Map<string, boolean>();
  let looked = 0;
  for (const [path, entry] of wanted) {
    if (!parentsOf(path).every((parent) => isDirectoryBelow(dir, parent, isHere))) continue;
    const stat = lstatSync(join(dir, path), { throwIfNoEntry: false });
    if (stat?.isFile() && isSame(stat, entry)) unchanged.add(path);
    looked += 1;
    if (looked % SLICE === 0) await setImmediate();
  }
  return unchanged;
}

function isDirectoryBelow(dir: string, path: string, known: Map<string, boolean>): boolean {
  const before = known.get(path);
  if (before !== undefined) return before;
  const is = isDirectory(join(dir, path));
  known.set(path, is);
  return is;
}

function ensureDirectory(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat) return stat.isDirectory();
  mkdirSync(path);
  return true;
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Nobody else may write into it or look into it. Something of another kind in its place is removed. */
function makePrivate(dir: string): void {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  if (stat && !stat.isDirectory()) unlinkSync(dir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
}

/** Everything below a directory that is not a directory itself. */
function* walk(dir: string, prefix = ''): Generator<{ readonly path: string; readonly isFile: boolean }> {
  for (const entry of readdirSync(join(dir, prefix), { withFileTypes: true })) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(dir, path);
    else yield { path, isFile: entry.isFile() };
  }
}

/** Removes a directory with all empty ones below it; keeps those that have files. */
function removeEmpty(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true }))
    if (entry.isDirectory()) removeEmpty(join(dir, entry.name));
  if (readdirSync(dir).length === 0) rmdirSync(dir);
}
