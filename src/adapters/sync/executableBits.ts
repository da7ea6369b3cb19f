import type { PlannedFile } from '../../core/sync/plan';
import type { GitCli } from '../git/gitCli';
import { splitWords } from './checkout/words';

/**
 * Files of which it is not known here whether they are executable (Windows, or git says that the bit means nothing) stay in the
 * checkout as they are; new ones are what git's index here says.
 */
export async function withModes(git: GitCli, files: readonly PlannedFile[]): Promise<readonly PlannedFile[]> {
  const isOpen = ({ next, expected }: PlannedFile): boolean =>
    next.kind === 'file' && next.isExecutable === undefined && expected.kind !== 'file';
  const inIndex = files.some(isOpen) ? await executablesOf(git) : new Set<string>();
  return files.map((file) => {
    const { path, next, expected } = file;
    if (next.kind !== 'file' || next.isExecutable !== undefined) return file;
    if (expected.kind === 'file') return file;
    const isExecutable = inIndex.has(path);
    return { ...file, next: { ...next, isExecutable } };
  });
}

/** Paths that git tracks as executable, relative to the project; none outside a repository, or without git. */
async function executablesOf(git: GitCli): Promise<ReadonlySet<string>> {
  // There may be no git at all.
  const listed = await git.run(['ls-files', '-s', '-z']).catch(() => undefined);
  return new Set(
    splitWords(listed?.stdout ?? Buffer.alloc(0)).flatMap((word) =>
      word.startsWith('100755 ') ? [word.slice(word.indexOf('\t') + 1)] : [],
    ),
  );
}
