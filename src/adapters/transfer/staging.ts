import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { claimFolder } from './folderClaim';
import { ensureDirectory, inSlices, isDirectory, makePlaceFor, SLICE } from './localPlaces';
import { parentsOf } from './remotePath';
import type { SkippedFile } from './transfer';
import type { TreeEntry } from './treeListing';

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
   * @throws the signal's reason: what has not appeared by then stays for the next pull
   */
  async publish(paths: readonly string[], signal: AbortSignal): Promise<SkippedFile[]> {
    signal.throwIfAborted();
    const skipped: SkippedFile[] = [];
    const isPlace = new Map<string, boolean>();
    const rest = new Set(paths);
    if (ensureDirectory(this.target)) await this.publishWhole(rest, '', signal);
    await inSlices(rest, signal, (path) => {
      if (!makePlaceFor(this.target, path, isPlace)) {
        skipped.push({ path, reason: 'place', detail: 'has something else in its place here' });
      } else renameSync(join(this.files, path), join(this.target, path));
    });
    return skipped;
  }

  /** Lets directories appear that hold nothing but what is to appear and that the target lacks. Takes that from `paths`. */
  private async publishWhole(paths: Set<string>, parent: string, signal: AbortSignal): Promise<void> {
    const here: string[] = [];
    const entries = readdirSync(join(this.files, parent), { withFileTypes: true });
    await inSlices(entries, signal, (entry) => {
      if (!entry.isDirectory()) return;
      const dir = parent === '' ? entry.name : `${parent}/${entry.name}`;
      const there = lstatSync(join(this.target, dir), { throwIfNoEntry: false });
      if (there?.isDirectory()) here.push(dir);
      if (there) return;
      const inside = [...walk(this.files, dir)].map(({ path }) => path);
      if (inside.length === 0 || !inside.every((path) => paths.has(path))) return;
      renameSync(join(this.files, dir), join(this.target, dir));
      for (const path of inside) paths.delete(path);
    });
    for (const [index, dir] of here.entries()) {
      if (index % SLICE === SLICE - 1) await setImmediate();
      await this.publishWhole(paths, dir, signal);
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
