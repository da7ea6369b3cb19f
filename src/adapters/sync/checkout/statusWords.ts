import type { DirtyEntry } from '../../../core/sync/sideState';

/*
 * What `git status --porcelain=v2 -z --no-renames` says, one word per path:
 *   1 .M N... 100644 100644 100644 9daeafb 9daeafb src/train.py
 *   u UU N... 100644 100644 100644 100644 d5… 8a… 5b… both.py
 *   ? new file.py
 */

/** Reads the words of git's status. Paths come out relative to the project, by its prefix in the repository. */
export function parseStatus(words: readonly string[], prefix: string): Map<string, DirtyEntry> {
  const dirty = new Map<string, DirtyEntry>();
  for (const word of words) {
    const parsed = parseWord(word);
    if (!parsed?.path.startsWith(prefix)) continue;
    const path = parsed.path.slice(prefix.length);
    const known = dirty.get(path);
    // Taken out of the index and still there: it is listed twice.
    dirty.set(path, known ? { ...known, inHead: known.inHead || parsed.entry.inHead } : parsed.entry);
  }
  return dirty;
}

function parseWord(word: string): { path: string; entry: DirtyEntry } | undefined {
  switch (word[0]) {
    case '?':
      // A repository of its own in there is listed as a folder.
      if (word.endsWith('/')) {
        const entry = { kind: 'repository', inHead: false, hasStagedContent: false } as const;
        return { path: word.slice(2, -1), entry };
      }
      return { path: word.slice(2), entry: { kind: 'untracked', inHead: false, hasStagedContent: false } };
    case 'u':
      return {
        path: afterFields(word, 10),
        entry: { kind: 'unmerged', inHead: true, hasStagedContent: true },
      };
    case '1': {
      const [, states = '..', submodule = 'N', headMode = '', indexMode = ''] = word.split(' ', 5);
      const isStaged = !states.startsWith('.') && !states.startsWith('D');
      return {
        path: afterFields(word, 8),
        entry: {
          kind: submodule.startsWith('S') ? 'submodule' : 'tracked',
          inHead: headMode !== '000000',
          hasStagedContent: isStaged && states[1] !== '.',
          ...(submodule.startsWith('SC') && { hasOtherCommit: true }),
          ...(indexMode === '100755' && { isExecutable: true }),
        },
      };
    }
    default:
      return undefined;
  }
}

/** The text behind so many words that end with a blank: a path may have blanks itself. */
function afterFields(word: string, count: number): string {
  let start = 0;
  for (let field = 0; field < count; field++) start = word.indexOf(' ', start) + 1;
  return word.slice(start);
}
