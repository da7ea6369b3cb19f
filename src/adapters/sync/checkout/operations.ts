const OPERATIONS: Readonly<Record<string, string>> = {
  MERGE_HEAD: 'a merge',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
  BISECT_LOG: 'a bisection',
  'rebase-merge': 'a rebase',
  'rebase-apply': 'a rebase',
  'index.lock': 'another git command',
};

/** In words, what a file in git's folder says is under way. */
export function wordOperation(file: string): string {
  return OPERATIONS[file] ?? file;
}
