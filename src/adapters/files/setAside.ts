import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { earlierTasksDir } from '../../core/collection/earlierAttempts';
import { systemCode, toWriteError } from './atomicFile';

/** Tells that a directory was moved here, or that there was none to move; what comes to its old place is of others. */
const MARK = '.moved';

/**
 * Moves the directory of a task out of the way of its next attempt, which runs elsewhere. Once: what is in its place after
 * that is the next attempt's.
 *
 * @param name - of the task's directory
 * @param attempt - whose files these are
 * @throws HsmError `disk.unwritable`
 */
export async function setAside(sweepDir: string, name: string, attempt: number): Promise<void> {
  const parent = join(sweepDir, earlierTasksDir(attempt));
  const aside = join(parent, name);
  const mark = join(aside, MARK);
  if (await exists(mark)) return;
  try {
    await mkdir(parent, { recursive: true });
    await moveIfThere(join(sweepDir, 'tasks', name), aside);
    await mkdir(aside, { recursive: true });
    await writeFile(mark, '');
  } catch (error) {
    throw toWriteError(error, aside);
  }
}

async function moveIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    // Not there, or moved by another process a moment ago.
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
