import { randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { errorText, HsmError } from '../../core/base/errors';
import type { Logger } from '../../core/base/logger';
import { isNoRoomCode } from '../transfer/transferError';
import { CodeCopier } from './codeCopier';
import { digestOf, formatCodeList, parseCodeList, type CodeEntry, type SealedCode } from './codeList';
import { listProjectFiles, readEntries } from './projectFileSet';

/** Where the copies lie, relative to the project. */
const STORE_DIR = ['.hsm', 'code'];
/** So many stay besides those of sweeps that go on: a sweep that is over may be run again, and its failures looked at. */
const KEPT = 10;
/** Together, counting what copies share once. The newest copy and those in use stay in any case. */
const KEPT_BYTES = 5 * 1024 ** 3;
/** Other work of this process gets its turn after so many files. */
const TURN = 100;
/** A copy in the making that is older was given up. */
const GIVEN_UP_MS = 24 * 3600 * 1000;

const DIGEST = /^[0-9a-f]{20}$/;

/**
 * Copies of a project's code, so that every host gets the state that a sweep was started with, whatever is edited
 * meanwhile. `<digest>/list` says what `<digest>/files` holds. Files that did not change are the same file (a hard link)
 * in copies after each other.
 */
export class CodeStore {
  private readonly dir: string;

  constructor(
    private readonly projectDir: string,
    private readonly log: Logger,
    private readonly keptBytes = KEPT_BYTES,
  ) {
    this.dir = join(projectDir, ...STORE_DIR);
  }

  /**
   * Keeps a copy of the project as it is now. Reads all of its files once; writes only what changed since the last copy.
   *
   * @param exclude - files that are left out, as patterns of a `.gitignore`
   * @throws HsmError `input.invalid` when there are no files, or one cannot be read; `disk.unwritable`
   */
  async seal(exclude: readonly string[], signal: AbortSignal): Promise<SealedCode> {
    const paths = await listProjectFiles(this.projectDir, exclude, signal);
    const seen = await readEntries(this.projectDir, paths, signal);
    requireSome(seen, this.projectDir);
    return (await this.find(digestOf(formatCodeList(seen)))) ?? this.copy(seen, signal);
  }

  /** Undefined: it is not kept any more, or damaged. */
  async find(digest: string): Promise<SealedCode | undefined> {
    if (!DIGEST.test(digest)) return undefined;
    const code = await this.open(digest);
    const now = new Date();
    // The last use says which ones may go. Where that cannot be noted down, it goes earlier.
    if (code) await utimes(join(this.dir, digest, 'list'), now, now).catch(() => undefined);
    return code;
  }

  /**
   * A file as it is in a copy; undefined when there is no such copy, or no such file in it.
   *
   * @param file - absolute path in the project
   */
  async read(digest: string, file: string): Promise<string | undefined> {
    const path = relative(this.projectDir, file).replaceAll('\\', '/');
    const code = await this.find(digest);
    // Only what the list names: nothing else in the folder is of the copy.
    if (!code?.entries.some((entry) => entry.path === path && entry.kind !== 'link')) return undefined;
    return readFile(join(code.dir, path), 'utf8').catch(() => undefined);
  }

  /**
   * Removes a copy that is not what its list says, e.g. after a crash of the machine, and every other one that shares a
   * damaged file with it.
   *
   * @returns whether it was damaged
   */
  async removeIfDamaged({ digest, dir, entries }: SealedCode, signal: AbortSignal): Promise<boolean> {
    const bad = new Set<number>();
    let isDamaged = false;
    for (const [index, entry] of entries.entries()) {
      if (index % TURN === TURN - 1) await setImmediate();
      const [held] = await readEntries(dir, [entry.path], signal).catch(() => []);
      // Called off: nothing is known.
      if (signal.aborted) return false;
      if (held?.content === entry.content && held.kind === entry.kind) continue;
      isDamaged = true;
      const inode = lstatSync(join(dir, entry.path), { throwIfNoEntry: false })?.ino;
      if (inode !== undefined) bad.add(inode);
    }
    if (!isDamaged) return false;
    for (const { name } of await this.byAge()) {
      const shares = (await this.filesOf(name)).some(({ ino }) => bad.has(ino));
      if (name !== digest && !shares) continue;
      this.log.warn(`${join(this.dir, name)} is damaged and is removed`);
      await this.remove(name);
    }
    return true;
  }

  /**
   * Removes old copies. Never fails: what cannot be removed now is removed another time.
   *
   * @param inUse - digests of copies that must stay
   */
  async tidy(inUse: readonly string[]): Promise<void> {
    const givenUp = (await readdir(this.dir).catch(() => [])).filter((name) => /^\.[0-9a-f]{12}$/.test(name));
    for (const name of await this.findOld(inUse)) await this.remove(name);
    for (const name of givenUp) {
      const made = await stat(join(this.dir, name)).catch(() => undefined);
      if (made && Date.now() - made.mtimeMs > GIVEN_UP_MS) await this.remove(name);
    }
  }

  private async findOld(inUse: readonly string[]): Promise<string[]> {
    const old: string[] = [];
    const counted = new Set<number>();
    let bytes = 0;
    for (const [index, { name }] of (await this.byAge()).entries()) {
      for (const { ino, size } of await this.filesOf(name)) {
        if (!counted.has(ino)) bytes += size;
        counted.add(ino);
      }
      const isRecent = index === 0 || (index < KEPT && bytes <= this.keptBytes);
      if (!isRecent && !inUse.includes(name)) old.push(name);
    }
    return old;
  }

  private async copy(seen: readonly CodeEntry[], signal: AbortSignal): Promise<SealedCode> {
    const draft = join(this.dir, `.${randomBytes(6).toString('hex')}`);
    try {
      await mkdir(draft, { recursive: true });
      // Nothing here is of interest to git, nor to what asks git.
      await writeFile(join(this.dir, '.gitignore'), '*\n');
      const copier = new CodeCopier(this.projectDir, join(draft, 'files'), await this.latest());
      const entries = await copier.copy(seen, signal);
      requireSome(entries, this.projectDir);
      const list = formatCodeList(entries);
      const digest = digestOf(list);
      await writeFile(join(draft, 'list'), list);
      await this.publish(draft, digest);
      return { digest, dir: join(this.dir, digest, 'files'), entries };
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw toFailure(error, this.dir);
    }
  }

  /** Another process may have made the same one meanwhile. */
  private async publish(draft: string, digest: string): Promise<void> {
    try {
      await rename(draft, join(this.dir, digest));
    } catch (error) {
      if (!(await this.find(digest))) throw error;
      await rm(draft, { recursive: true, force: true });
    }
  }

  private async open(digest: string): Promise<SealedCode | undefined> {
    const text = await readFile(join(this.dir, digest, 'list'), 'utf8').catch(() => undefined);
    const entries = text === undefined || digestOf(text) !== digest ? undefined : parseCodeList(text);
    return entries && { digest, dir: join(this.dir, digest, 'files'), entries };
  }

  private async latest(): Promise<SealedCode | undefined> {
    const [newest] = await this.byAge();
    return newest && this.find(newest.name);
  }

  /** Newest first. */
  private async byAge(): Promise<{ readonly name: string; readonly usedMs: number }[]> {
    const names = await readdir(this.dir).catch(() => []);
    const used = await Promise.all(
      names.map(async (name) => {
        const path = DIGEST.test(name) ? join(this.dir, name, 'list') : join(this.dir, name);
        const usedMs = await stat(path).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        );
        return { name, usedMs };
      }),
    );
    return used.filter(({ name }) => DIGEST.test(name)).sort((a, b) => b.usedMs - a.usedMs);
  }

  /** Of a copy, those that are there. */
  private async filesOf(digest: string): Promise<{ readonly ino: number; readonly size: number }[]> {
    const { dir, entries } = (await this.open(digest)) ?? { dir: '', entries: [] };
    const found: { ino: number; size: number }[] = [];
    for (const [index, { path }] of entries.entries()) {
      if (index % TURN === TURN - 1) await setImmediate();
      const stat = lstatSync(join(dir, path), { throwIfNoEntry: false });
      if (stat) found.push({ ino: stat.ino, size: stat.size });
    }
    return found;
  }

  private async remove(name: string): Promise<void> {
    try {
      await rm(join(this.dir, name), { recursive: true, force: true });
    } catch (error) {
      this.log.warn(`${join(this.dir, name)} could not be removed: ${errorText(error)}`);
    }
  }
}

function requireSome(entries: readonly CodeEntry[], projectDir: string): void {
  if (entries.length > 0) return;
  throw new HsmError('input.invalid', `There are no files in ${projectDir} that could be copied to a host.`, {
    hint: 'Look at .gitignore and at `sync.exclude` in .hsm/config.yaml.',
  });
}

function toFailure(error: unknown, path: string): unknown {
  if (error instanceof HsmError || !isNoRoomCode(error)) return error;
  const message = `The code cannot be copied to ${path}: ${errorText(error)}. Make room, or let it be written, then try again.`;
  return new HsmError('disk.unwritable', message, { path }, { cause: error });
}
