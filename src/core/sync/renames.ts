import type { FileComparison } from './comparison';
import type { Content } from './content';

/**
 * Names the path that an added file had before, where one that is gone had the same content. Nothing is guessed from
 * likeness: two gone files with the same content name none.
 */
export function findRenames(files: readonly FileComparison[]): readonly FileComparison[] {
  const goneHere = oldPathsByContent(files, 'deletedHere', ({ remote }) => remote);
  const goneThere = oldPathsByContent(files, 'deletedThere', ({ local }) => local);
  if (goneHere.size + goneThere.size === 0) return files;
  return files.map((file) => {
    const from =
      file.verdict === 'push' && file.remote.kind === 'absent'
        ? goneHere.get(contentKey(file.local))
        : file.verdict === 'pull' && file.local.kind === 'absent'
          ? goneThere.get(contentKey(file.remote))
          : undefined;
    return from ? { ...file, renamedFrom: from } : file;
  });
}

function oldPathsByContent(
  files: readonly FileComparison[],
  verdict: FileComparison['verdict'],
  content: (file: FileComparison) => Content,
): Map<string, string | undefined> {
  const paths = new Map<string, string | undefined>();
  for (const file of files) {
    if (file.verdict !== verdict) continue;
    const key = contentKey(content(file));
    paths.set(key, paths.has(key) ? undefined : file.path);
  }
  return paths;
}

function contentKey(content: Content): string {
  if (content.kind === 'file') return `file ${content.sha256}`;
  return content.kind === 'object' ? `object ${content.oid}` : JSON.stringify(content);
}
