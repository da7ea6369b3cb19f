import { copyFile, mkdir, opendir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorText } from '../../core/base/errors';
import type { Logger } from '../../core/base/logger';

/** Programs and their configuration, as they are written by hand. */
const SOURCE =
  /\.(?:py|pyx|sh|bash|slurm|sbatch|pbs|jl|r|rs|go|c|cc|cpp|cxx|cu|cuh|h|hpp|java|kt|scala|js|mjs|cjs|ts|tsx|m|pl|rb|lua|f90|f95|f|ya?ml|toml|cfg|ini|conf)$/iu;
/** Folders that hold no code of the project's own. */
const PASSED_OVER = new Set([
  'node_modules',
  'venv',
  'env',
  'site-packages',
  '__pycache__',
  'wandb',
  'mlruns',
  'target',
  'build',
  'dist',
]);
const MAX_FILE_BYTES = 256 * 1024;
/** Every sweep has its own copies. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_FILES = 1000;
/** Files and folders that are looked at: a project may hold its data, too. */
const MAX_LOOKS = 10_000;

/**
 * Copies a project's source files, so that what a sweep ran can be told later where no git tells it. Those nearest to the
 * project's root come first; of a project with a lot of files the others are left out. Never fails: without the copies
 * nothing else is amiss.
 *
 * @param to - the folder for the copies
 * @param outputDir - where results lie, absolute: nothing in it is copied
 */
export async function copySources(
  projectDir: string,
  to: string,
  outputDir: string,
  log: Logger,
): Promise<void> {
  try {
    let [files, bytes] = [0, 0];
    for await (const path of findSources(projectDir, outputDir)) {
      const from = join(projectDir, path);
      const { size } = await stat(from);
      if (size > MAX_FILE_BYTES) continue;
      bytes += size;
      files += 1;
      if (bytes > MAX_BYTES || files > MAX_FILES) return;
      await mkdir(dirname(join(to, path)), { recursive: true });
      await copyFile(from, join(to, path));
    }
  } catch (error) {
    log.warn(`${projectDir}: what runs could not be copied: ${errorText(error)}`);
  }
}

/** Breadth first, relative to the project. */
async function* findSources(projectDir: string, outputDir: string): AsyncGenerator<string> {
  let looks = 0;
  for (let folders = ['']; folders.length > 0;) {
    const below: string[] = [];
    for (const folder of folders) {
      // Links are not followed: they may lead out of the project, or in circles.
      for await (const entry of await opendir(join(projectDir, folder))) {
        looks += 1;
        if (looks > MAX_LOOKS) return;
        const path = join(folder, entry.name);
        if (entry.isDirectory() && !isPassedOver(entry.name) && join(projectDir, path) !== outputDir)
          below.push(path);
        else if (entry.isFile() && SOURCE.test(entry.name)) yield path;
      }
    }
    folders = below.sort();
  }
}

function isPassedOver(name: string): boolean {
  return name.startsWith('.') || PASSED_OVER.has(name);
}
