import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '../../../src/core/base/lifecycle';
import { makeTempDir } from '../../support/tempDir';

/** A disk on which so many more files and folders can be made: a small one would be full before anything is placed. */
export class SmallDisk implements Disposable {
  private constructor(
    private readonly dir: Disposable,
    readonly path: string,
  ) {}

  /** Undefined where this user cannot mount. */
  static mount(): SmallDisk | undefined {
    const dir = makeTempDir();
    const path = join(dir.path, 'disk');
    mkdirSync(path);
    const options = 'size=4m,nr_inodes=4000';
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]).status === 0)
      return new SmallDisk(dir, path);
    dir.dispose();
    return undefined;
  }

  leaveRoomFor(inodes: number): void {
    const { files: all, ffree } = statfsSync(this.path);
    execFileSync('mount', ['-o', `remount,nr_inodes=${all - ffree + inodes}`, this.path]);
  }

  dispose(): void {
    execFileSync('umount', [this.path]);
    this.dir.dispose();
  }
}
