import { accessSync, constants, statfsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOMY_BYTES = 2 * 2 ** 30;

/**
 * Where the contenders work: HSM_BENCH_DIR, else a file system in memory where there is one, else the system's folder
 * for temporary files. On ext4 the creation of files is many times slower for minutes after others were deleted
 * (their inodes are passed over one by one), so that there each contender pays for the traces of the one before.
 */
export function benchRoot(): string {
  const chosen = process.env['HSM_BENCH_DIR'];
  if (chosen !== undefined) return chosen;
  return isRoomy('/dev/shm') ? '/dev/shm' : tmpdir();
}

/** Gives an empty directory to `work` and removes it afterwards. */
export async function withWorkDir<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(benchRoot(), 'hsm-bench-'));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function isRoomy(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize > ROOMY_BYTES;
  } catch {
    return false;
  }
}
