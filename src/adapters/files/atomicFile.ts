import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HsmError } from '../../core/base/errors';
import { syncDirectory } from '../host/syncDirectory';

const WRITE_FAILURES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EIO: 'the disk reports an error',
};

/** The error code of a system call that failed; undefined of anything else. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Turns the failure of a write into one that says what to do; other failures come back as they are. */
export function toWriteError(error: unknown, path: string): unknown {
  const reason = WRITE_FAILURES[systemCode(error) ?? ''];
  if (reason === undefined) return error;
  const message = `${path} cannot be written: ${reason}. Free some space or fix the permissions; work goes on by itself.`;
  return new HsmError('disk.unwritable', message, { path }, { cause: error });
}

function temporaryName(path: string): string {
  return `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
}

/**
 * Creates or replaces a file so that a reader sees the old content or the new, never a part. On the disk when it
 * resolves.
 *
 * @throws HsmError `disk.unwritable`
 */
export async function writeAtomic(path: string, content: string | Iterable<string>): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await writeDurable(temporary, content);
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw toWriteError(error, path);
  }
}

/**
 * Creates a file with its content in one step, unless it exists.
 *
 * @returns whether it was created
 * @throws HsmError `disk.unwritable`
 */
export async function createExclusive(path: string, content: string): Promise<boolean> {
  const temporary = temporaryName(path);
  try {
    await writeDurable(temporary, content);
    // Unlike rename, link refuses an existing name; unlike O_EXCL, the file is complete when it appears.
    await link(temporary, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw toWriteError(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeDurable(path: string, content: string | Iterable<string>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    if (typeof content === 'string') await file.writeFile(content);
    else for (const part of chunks(content)) await file.writeFile(part);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Joins small parts into pieces that are worth a system call. */
function* chunks(parts: Iterable<string>): Generator<string> {
  let buffer: string[] = [];
  let length = 0;
  for (const part of parts) {
    buffer.push(part);
    length += part.length;
    if (length < 1 << 16) continue;
    yield buffer.join('');
    buffer = [];
    length = 0;
  }
  if (length > 0) yield buffer.join('');
}
