import type { Content } from '../../core/sync/content';
import type { PlannedFile } from '../../core/sync/plan';

/** Paths that a plan deletes. */
export function deletesOf(files: readonly PlannedFile[]): string[] {
  return files.flatMap(({ path, next }) => (next.kind === 'absent' ? [path] : []));
}

/** Paths at which a plan puts something in a folder's place: it deletes what is in there. */
export function foldersToGo(files: readonly PlannedFile[]): ReadonlySet<string> {
  const emptied = new Set<string>();
  for (const path of deletesOf(files)) {
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1))
      emptied.add(path.slice(0, end));
  }
  return new Set(
    files.flatMap(({ path, next }) => (next.kind !== 'absent' && emptied.has(path) ? [path] : [])),
  );
}

/** Paths at which something is to come and a folder is, of which the plan deletes nothing. */
export function foldersInTheWay(
  files: readonly PlannedFile[],
  found: ReadonlyMap<string, Content>,
): string[] {
  const known = foldersToGo(files);
  return files.flatMap(({ path, next }) => {
    const content = found.get(path);
    const isFolder = content?.kind === 'absent' && content.isFolder === true;
    return isFolder && next.kind !== 'absent' && !known.has(path) ? [path] : [];
  });
}
