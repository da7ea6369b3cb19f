import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
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
    const list = join(this.dir, digest, 'list');
    const text = await readFile(list, 'utf8').catch(() => undefined);
    const entries = text === undefined || digestOf(text) !== digest ? undefined : parseCodeList(text);
    if (!entries) return undefined;
    const now = new Date();
    // The last use says which ones may go. Where that cannot be noted down, it goes earlier.
    await utimes(list, now, now).catch(() => undefined);
    return { digest, dir: join(this.dir, digest, 'files'), entries };
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

  /** Removes a copy that is not what its list says, e.g. after a crash of the machine. */
  async removeIfDamaged({ digest, dir, entries }: SealedCode, signal: AbortSignal): Promise<void> {
    const paths = entries.map(({ path }) => path);
    const held = await readEntries(dir, paths, signal).catch(() => []);
    if (digestOf(formatCodeList(held)) === digest) return;
    this.log.warn(`${dir} is damaged and is removed`);
    await this.remove(digest);
  }

  /**
   * Removes old copies. Never fails: what cannot be removed now is removed another time.
   *
   * @param inUse - digests of copies that must stay
   */
  async tidy(inUse: readonly string[]): Promise<void> {
    const old = (await this.byAge()).slice(KEPT).filter(({ name }) => !inUse.includes(name));
    const givenUp = (await readdir(this.dir).catch(() => [])).filter((name) => /^\.[0-9a-f]{12}$/.test(name));
    for (const { name } of old) await this.remove(name);
    for (const name of givenUp) {
      const made = await stat(join(this.dir, name)).catch(() => undefined);
      if (made && Date.now() - made.mtimeMs > GIVEN_UP_MS) await this.remove(name);
    }
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
