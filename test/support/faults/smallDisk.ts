import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of a few MiB, mounted over a directory. Linux, as root. */
export class SmallDisk {
  private readonly filler: string;

  constructor(
    private readonly path: string,
    sizeMiB: number,
  ) {
    mkdirSync(path, { recursive: true });
    mount(path, sizeMiB);
    this.filler = join(path, '.filler');
  }

  /** Takes all room that is left. */
  fill(): void {
    const file = openSync(this.filler, 'a');
    try {
      for (const size of [1 << 20, 1 << 12]) while (wrote(file, size));
    } finally {
      closeSync(file);
    }
  }

  /** Gives the room back. */
  free(): void {
    rmSync(this.filler, { force: true });
  }

  unmount(): void {
    // Lazily: what a failed test left running may still hold it.
    spawnSync('umount', ['-l', this.path]);
  }
}

/** Skips a test where no file system can be mounted; in CI that is a failure instead. */
export function skipUnlessMountable(context: Mocha.Context): void {
  const path = mkdtempSync(join(tmpdir(), 'hsm-mount-'));
  try {
    mount(path, 1);
    spawnSync('umount', [path]);
  } catch (error) {
    const reason = `a small disk cannot be mounted here (root on Linux can): ${String(error)}`;
    if (process.env['CI']) throw new Error(reason, { cause: error });
    console.log(`    skipped: ${reason}`);
    context.skip();
  } finally {
    rmdirSync(path);
  }
}

function mount(path: string, sizeMiB: number): void {
  const args = ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'hsm-test', path];
  const { status, stderr, error } = spawnSync('mount', args, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(stderr.trim());
}

function wrote(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) > 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}
