import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Emitter } from '../../core/base/event';
import { DisposableStore } from '../../core/base/lifecycle';
import type { NewSweep, SweepDirectory, SweepStore } from '../../core/engine/sweepStore';
import { systemCode, toWriteError, writeAtomic } from './atomicFile';
import { FileSweepStore, SWEEP_FILES } from './fileSweepStore';
import { TaskFile } from './taskFile';
import { watchFolder } from './watchFolder';

/** A project's output folder, which holds one directory per sweep. */
export class FileSweepDirectory implements SweepDirectory {
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new Emitter<void>());
  readonly onDidChange = this.changed.event;
  private watching = false;

  constructor(private readonly path: string) {
    this.watch();
  }

  /**
   * Builds the sweep beside its place and renames it there, so that a sweep with half of its files never exists.
   *
   * @throws HsmError `disk.unwritable`
   */
  async create(sweep: NewSweep): Promise<SweepStore> {
    try {
      await mkdir(this.path, { recursive: true });
      const { id, draft } = await this.reserve(sweep.manifest.createdAt);
      try {
        const dir = join(this.path, id);
        await writeFile(join(draft, SWEEP_FILES.sweep), sweep.sweepText);
        if (sweep.patch !== undefined) await writeFile(join(draft, SWEEP_FILES.patch), sweep.patch);
        await new TaskFile(join(draft, SWEEP_FILES.tasks)).create(sweep.tasks(dir));
        await mkdir(join(draft, 'tasks'));
        await writeAtomic(
          join(draft, SWEEP_FILES.manifest),
          JSON.stringify({ ...sweep.manifest, id }, undefined, 2),
        );
        await rename(draft, dir);
        this.watch();
        return new FileSweepStore(dir);
      } catch (error) {
        await rm(draft, { recursive: true, force: true });
        throw error;
      }
    } catch (error) {
      throw toWriteError(error, this.path);
    }
  }

  async list(): Promise<string[]> {
    this.watch();
    try {
      const entries = await readdir(this.path, { withFileTypes: true });
      return entries
        .filter(
          (entry) =>
            !entry.name.startsWith('.') && existsSync(join(this.path, entry.name, SWEEP_FILES.manifest)),
        )
        .map((entry) => entry.name)
        .sort();
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  open(id: string): SweepStore {
    return new FileSweepStore(join(this.path, id));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** An id that is free, with the folder in which the sweep is built. Two processes never get the same one. */
  private async reserve(createdAt: string): Promise<{ id: string; draft: string }> {
    const stem = `sweep_${formatTimestamp(new Date(createdAt))}`;
    for (let count = 1; ; count++) {
      const id = count === 1 ? stem : `${stem}_${count}`;
      const draft = join(this.path, `.${id}.new`);
      if (existsSync(join(this.path, id))) continue;
      try {
        await mkdir(draft);
      } catch (error) {
        if (systemCode(error) === 'EEXIST') continue;
        throw error;
      }
      // Another process may have finished under this id between the two calls above.
      if (!existsSync(join(this.path, id))) return { id, draft };
      await rm(draft, { recursive: true, force: true });
    }
  }

  private watch(): void {
    if (this.watching || !existsSync(this.path)) return;
    const watch = watchFolder(this.path, () => {
      this.changed.fire();
    });
    if (!watch) return;
    this.watching = true;
    this.disposables.add(watch);
  }
}

/** Local time as `20261122_140501`, as people name their runs. */
function formatTimestamp(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}_${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}
