import type { Comparison, Direction, FileComparison } from './comparison';
import { deletesBefore } from './placeTaken';

/** The way a file goes by itself; undefined for a conflict, where somebody has to say. */
export function ownDirection({ verdict }: Pick<FileComparison, 'verdict'>): Direction | undefined {
  switch (verdict) {
    case 'push':
    case 'deletedHere':
      return 'push';
    case 'pull':
    case 'deletedThere':
      return 'pull';
    case 'conflict':
      return undefined;
  }
}

/** Whether it can be transferred at all, and without the commits that touch it. */
export function canGoAlone({ via, blocked }: Pick<FileComparison, 'via' | 'blocked'>): boolean {
  return via === 'file' && blocked === undefined;
}

/** What goes that way by itself: nothing that was changed on the receiving side, no deletes, nothing that needs one. */
export function goingByItself(
  direction: Direction,
  files: readonly FileComparison[],
): readonly FileComparison[] {
  const needing = deletesBefore(direction, files);
  return files.filter((file) => file.verdict === direction && canGoAlone(file) && !needing.has(file.path));
}

/** What of some paths is at a name. */
export interface Named<T> {
  /** What bears the name itself; not where the name ends with `/`, which says that a folder is meant. */
  readonly exact?: T;
  /** What lies in the folder of the name. */
  readonly below: readonly T[];
}

/**
 * What a name that the user gave stands for.
 *
 * @param name - relative to the project, with `/`, perhaps with `./` before it; empty or `.`: the project itself
 */
export function findNamed<T extends { readonly path: string }>(files: readonly T[], name: string): Named<T> {
  const path = name.replace(/^(\.\/+)+/, '').replace(/\/+$/, '');
  if (path === '' || path === '.') return { below: files };
  const exact = name.endsWith('/') ? undefined : files.find((file) => file.path === path);
  const below = files.filter((file) => file.path.startsWith(`${path}/`));
  return { below, ...(exact && { exact }) };
}

/** What is transferred of a name, and what of it stays until it is named itself. */
export interface NamedChoice {
  readonly going: readonly FileComparison[];
  readonly staying: readonly FileComparison[];
}

/**
 * What a name stands for in a transfer: a file that is named itself goes whatever became of it; of a folder, what goes
 * that way by itself. Both empty: nothing differs there.
 */
export function chooseNamed(
  direction: Direction,
  { files }: Pick<Comparison, 'files'>,
  name: string,
): NamedChoice {
  const { exact, below } = findNamed(files, name);
  const named = exact ? [exact] : [];
  // A file that became a folder: its delete is named, so what is in the folder can go.
  const free = below.filter((file) => isFreedBy(named, file, direction));
  const going = [...new Set([...named, ...free, ...goingByItself(direction, below)])];
  const chosen = new Set(going);
  return { going, staying: below.filter((file) => !chosen.has(file)) };
}

function isFreedBy(named: readonly FileComparison[], file: FileComparison, direction: Direction): boolean {
  if (file.verdict !== direction || !canGoAlone(file)) return false;
  return deletesBefore(direction, [...named, file]).has(file.path);
}
