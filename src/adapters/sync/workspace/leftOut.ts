import ignore, { type Ignore } from 'ignore';

/** Folders and files that no project wants on another machine; only without git, which has its own rules. */
const NEVER_WITHOUT_GIT = [
  '.git',
  '.hg',
  '.svn',
  '.venv',
  'node_modules',
  '__pycache__',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.ipynb_checkpoints',
  '.DS_Store',
  'Thumbs.db',
];

/** Names of folders that a listing without git need not enter. */
export const PRUNED_NAMES: readonly string[] = NEVER_WITHOUT_GIT;

/** What `.gitignore` files are called here; the second is for projects that git does not see. */
export const IGNORE_FILES: readonly string[] = ['.gitignore', '.hsmignore'];

/** A hostile name is refused elsewhere, not by an exception here. */
const ANY_PATH = { allowRelativePaths: true };

/** Patterns of `.gitignore` as a test for paths. */
export function makePathTest(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  const rules = ignore(ANY_PATH).add([...patterns]);
  return (path) => rules.ignores(path);
}

/** The rules of a project without git: built-in ones, and those of the ignore files by the folder that they lie in. */
export class IgnoreRules {
  private readonly byFolder = new Map<string, Ignore>([['', ignore(ANY_PATH).add(NEVER_WITHOUT_GIT)]]);

  /** @param folder - relative to the project; empty: its root */
  add(folder: string, text: string): void {
    const rules = this.byFolder.get(folder) ?? ignore(ANY_PATH);
    this.byFolder.set(folder, rules.add(text));
  }

  /** Whether one of the folders above the path is ignored, or the path itself. */
  ignores(path: string): boolean {
    const parts = path.split('/');
    return parts.some((_, index) => {
      const isFolder = index < parts.length - 1;
      return this.ignoresEntry(parts.slice(0, index + 1).join('/'), isFolder);
    });
  }

  /** The rules of the deepest folder count most. Folders above are taken to be not ignored. */
  ignoresEntry(path: string, isFolder: boolean): boolean {
    for (let end = path.lastIndexOf('/'); ; end = path.lastIndexOf('/', end - 1)) {
      const folder = end < 0 ? '' : path.slice(0, end);
      const rules = this.byFolder.get(folder);
      if (rules) {
        const { ignored, unignored } = rules.test(path.slice(end + 1) + (isFolder ? '/' : ''));
        if (ignored) return true;
        if (unignored) return false;
      }
      if (end <= 0) return false;
    }
  }
}
