import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { HsmError } from '../../core/base/errors';
import { faultOfPath } from './remotePath';
import type { SkippedFile } from './transfer';

/** Something of this machine that is to be sent. */
export interface LocalEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  readonly size: number;
  readonly mtimeSec: number;
  readonly mode: number;
  /** What a symbolic link points to. */
  readonly target: string;
}

/**
 * Looks at files that are to be sent.
 *
 * @throws HsmError `input.invalid` for a path that leads out of the directory
 */
export async function readLocalTree(
  dir: string,
  paths: readonly string[],
): Promise<{ entries: LocalEntry[]; skipped: SkippedFile[] }> {
  const entries: LocalEntry[] = [];
  const skipped: SkippedFile[] = [];
  for (const [index, path] of paths.entries()) {
    const fault = faultOfPath(path, 'linux');
    if (fault !== undefined) throw new HsmError('input.invalid', `${JSON.stringify(path)} ${fault}.`, {});
    const stat = lstatSync(join(dir, path), { throwIfNoEntry: false });
    const entry = stat && toEntry(dir, path, stat);
    if (entry) entries.push(entry);
    else skipped.push(stat ? { path, ...special } : { path, ...gone });
    if (index % 500 === 499) await setImmediate();
  }
  return { entries, skipped };
}

const special = { reason: 'kind', detail: 'is a device, a pipe or a socket' } as const;
const gone = { reason: 'unreadable', detail: 'is not there any more' } as const;

function toEntry(dir: string, path: string, stat: Stats): LocalEntry | undefined {
  const kind = stat.isFile()
    ? 'file'
    : stat.isDirectory()
      ? 'directory'
      : stat.isSymbolicLink()
        ? 'symlink'
        : undefined;
  return (
    kind && {
      path,
      kind,
      size: kind === 'file' ? stat.size : 0,
      mtimeSec: Math.floor(stat.mtimeMs / 1000),
      mode: stat.mode & 0o777,
      target: kind === 'symlink' ? readlinkSync(join(dir, path)) : '',
    }
  );
}
