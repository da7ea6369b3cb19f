import { faultOfPath } from '../transfer/remotePath';
import type { Places } from './places';
import { makePathTest } from './workspace/leftOut';

/** Paths that stay out whatever git says. */
export function makeLeftOut({
  exclude,
  output,
}: Pick<Places, 'exclude' | 'output'>): (path: string) => boolean {
  const isExcluded = makePathTest(exclude);
  const folders = ['.hsm/sync/', ...(output === undefined ? [] : [`${output}/`])];
  return (path) => folders.some((folder) => path.startsWith(folder)) || isExcluded(path);
}

/** A name that cannot be the same on both machines is told, never guessed. */
export function faultyNames(paths: readonly string[]): string[] {
  const faults = [...new Set(paths)].flatMap((path) => {
    const fault = faultOfPath(path) ?? forbiddenPlace(path);
    return fault === undefined ? [] : [`${JSON.stringify(path)} ${fault}.`];
  });
  return faults.slice(0, 10);
}

/** Places whose files make programs run, or are this product's own. No honest git or listing names them. */
function forbiddenPlace(path: string): string | undefined {
  const parts = path.toLowerCase().split('/');
  // Windows also knows the folder by its short name.
  if (parts.some((part) => part === '.git' || part === 'git~1')) return 'lies in the folder of git';
  return path.toLowerCase().startsWith('.hsm/sync/') ? 'lies where backups are kept' : undefined;
}
