import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An exFAT disk: names are folded, there are neither links nor permissions. */
export class ExfatDisk {
  private constructor(
    private readonly dir: string,
    private readonly device: string,
    /** Where it is mounted, absolute. */
    readonly path: string,
  ) {}

  /**
   * Undefined in a container that has neither loop devices nor FUSE.
   *
   * @param fmask - permissions that no file has, e.g. `0133`; none has others
   */
  static mount(fmask: string): ExfatDisk | undefined {
    // FUSE does not take the usual temporary folders of tests, whose names are hard to quote.
    const dir = mkdtempSync(join(tmpdir(), 'hsm-disk-'));
    const [image, folder] = [join(dir, 'image'), join(dir, 'disk')];
    mkdirSync(folder);
    writeFileSync(image, '');
    truncateSync(image, 64 * 1024 * 1024);
    execFileSync('mkfs.exfat', [image], { stdio: 'ignore' });
    const loop = spawnSync('losetup', ['--find', '--show', image]);
    const device = loop.stdout.toString().trim();
    const mounted =
      loop.status === 0 &&
      spawnSync('mount.exfat-fuse', ['-o', `fmask=${fmask}`, device, folder]).status === 0;
    if (mounted) return new ExfatDisk(dir, device, folder);
    if (device !== '') execFileSync('losetup', ['--detach', device]);
    rmSync(dir, { recursive: true, force: true });
    return undefined;
  }

  dispose(): void {
    execFileSync('umount', [this.path]);
    execFileSync('losetup', ['--detach', this.device]);
    rmSync(this.dir, { recursive: true, force: true });
  }
}
