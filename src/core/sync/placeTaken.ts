import type { Direction, FileComparison } from './comparison';

/**
 * Which deletes have to come before a file, because what goes has its place: a file that became a folder, a folder that
 * became a file.
 *
 * @returns path → paths of files on the receiving side; only where there are some
 */
export function deletesBefore(
  direction: Direction,
  files: readonly FileComparison[],
): ReadonlyMap<string, readonly string[]> {
  const gone = new Set<string>();
  const goneBelow = new Map<string, string[]>();
  for (const file of files) {
    const [sent, received] = endsOf(direction, file);
    if (sent.kind !== 'absent' || received.kind === 'absent' || file.blocked !== undefined) continue;
    gone.add(file.path);
    for (const folder of foldersAbove(file.path))
      goneBelow.set(folder, [...(goneBelow.get(folder) ?? []), file.path]);
  }
  const before = new Map<string, readonly string[]>();
  if (gone.size === 0) return before;
  for (const file of files) {
    if (endsOf(direction, file)[0].kind === 'absent' || file.blocked !== undefined) continue;
    const taking = [
      ...foldersAbove(file.path).filter((folder) => gone.has(folder)),
      ...(goneBelow.get(file.path) ?? []),
    ];
    if (taking.length > 0) before.set(file.path, taking);
  }
  return before;
}

/** Whether a path lies in a folder. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function endsOf(
  direction: Direction,
  { local, remote }: FileComparison,
): readonly [FileComparison['local'], FileComparison['local']] {
  return direction === 'push' ? [local, remote] : [remote, local];
}

/** `a/b/c` → `a`, `a/b`. */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1))
    folders.push(path.slice(0, end));
  return folders;
}
