import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** What tells that a folder is a project's root. */
const MARKS = ['.hsm', 'sweeps', '.git'];

/**
 * The root of the project that a folder is in: the nearest one with a mark, else the folder itself. The home folder is
 * never found this way: `~/.hsm` is the machine's configuration, and many keep their settings there in git.
 */
export function findProjectDir(start: string, home = homedir()): string {
  for (let dir = resolve(start); ; dir = dirname(dir)) {
    if (dir === home || dir === dirname(dir)) return resolve(start);
    if (MARKS.some((mark) => existsSync(join(dir, mark)))) return dir;
  }
}

/** The root of the project of a sweep's directory; undefined when it is not one. */
export function projectOfSweepDir(path: string, home = homedir()): string | undefined {
  if (!existsSync(join(path, 'sweep.json'))) return undefined;
  const outputs = dirname(resolve(path));
  const found = findProjectDir(outputs, home);
  // Without any mark: sweeps lie in `outputs` below the root.
  return found === outputs ? dirname(outputs) : found;
}
