import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  symlinkSync,
  utimesSync,
  type Stats,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { CodeEntry, SealedCode } from './codeList';
import { kindOf, readContent, SMALL } from './projectFileSet';

/**
 * Copies a project's files. What it returns is what stands in the copy: a file that was edited since it was looked at
 * comes as it is by now, one that is gone does not come.
 */
export class CodeCopier {
  private readonly made = new Set<string>();
  private readonly earlier: ReadonlyMap<string, CodeEntry>;
  private bytesSinceTurn = 0;

  /** @param latest - an earlier copy on the same file system */
  constructor(
    private readonly from: string,
    private readonly to: string,
    private readonly latest: SealedCode | undefined,
  ) {
    this.earlier = new Map(latest?.entries.map((entry) => [entry.path, entry]));
  }

  async copy(seen: readonly CodeEntry[], signal: AbortSignal): Promise<CodeEntry[]> {
    const copied: CodeEntry[] = [];
    for (const entry of seen) {
      const arrived = await this.copyOne(entry, signal);
      if (arrived) copied.push(arrived);
      // Other work of this process gets its turn.
      if (this.bytesSinceTurn < SMALL) continue;
      this.bytesSinceTurn = 0;
      await setImmediate();
      signal.throwIfAborted();
    }
    return copied;
  }

  private async copyOne(entry: CodeEntry, signal: AbortSignal): Promise<CodeEntry | undefined> {
    const target = join(this.to, entry.path);
    this.makeParent(target);
    this.bytesSinceTurn += 10_000;
    if (entry.kind === 'link') {
      symlinkSync(entry.content, target);
      return entry;
    }
    const source = join(this.from, entry.path);
    const stat = lstatSync(source, { throwIfNoEntry: false });
    if (!stat?.isFile()) return undefined;
    this.bytesSinceTurn += stat.size;
    if (await this.linkEarlier(entry, stat.size, target, signal)) return entry;
    if (stat.size <= SMALL) copyFileSync(source, target, constants.COPYFILE_FICLONE);
    else await copyFile(source, target, constants.COPYFILE_FICLONE);
    lockLike(target, stat);
    const content = await readContent(target, stat.size, signal);
    return content === undefined ? undefined : { path: entry.path, kind: kindOf(stat), content };
  }

  private async linkEarlier(
    { path, kind, content }: CodeEntry,
    size: number,
    target: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    const same = this.earlier.get(path);
    if (!this.latest || same?.kind !== kind || same.content !== content) return false;
    const file = join(this.latest.dir, path);
    if (!(await isIntact(file, size, content, signal))) return false;
    try {
      linkSync(file, target);
      return true;
    } catch {
      // E.g. a file system without hard links: it is copied then.
      return false;
    }
  }

  private makeParent(target: string): void {
    const dir = dirname(target);
    if (this.made.has(dir)) return;
    mkdirSync(dir, { recursive: true });
    this.made.add(dir);
  }
}

/**
 * Whether a file of an earlier copy is what its list says: a crash of the machine may have left it empty. Large ones are
 * told by their size alone, not to read them once more for each copy.
 */
async function isIntact(path: string, size: number, content: string, signal: AbortSignal): Promise<boolean> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size !== size) return false;
  return size > SMALL || (await readContent(path, size, signal)) === content;
}

/** Of the time of the original, by which a host's earlier copies are recognised; nobody writes to it by mistake. */
function lockLike(target: string, { mode, atime, mtime }: Stats): void {
  utimesSync(target, atime, mtime);
  chmodSync(target, (mode & 0o555) | 0o400);
}
