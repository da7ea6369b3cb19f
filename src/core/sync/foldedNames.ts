/** Which names a file system takes for one and the same. */
export interface NameFolding {
  /** `Train.py` and `train.py`, as on Windows and, by default, macOS. */
  readonly case: boolean;
  /** A letter with an accent as one character and as two (NFC, NFD), as on macOS. */
  readonly unicode: boolean;
}

/** Everything that any file system folds. */
export const ALL_FOLDED: NameFolding = { case: true, unicode: true };

/**
 * Names that cannot all be on a file system with this folding, because one would take another's place. A folder counts
 * too: `Data/a` beside `data/b` would change where a file is. Only groups with a name that arrives; sorted.
 */
export function clashingNames(
  arriving: readonly string[],
  present: Iterable<string>,
  folding: NameFolding,
): string[][] {
  if (!folding.case && !folding.unicode) return [];
  const groups = new Map<string, Set<string>>();
  for (const path of arriving) for (const name of withFolders(path)) addTo(groups, fold(name, folding), name);
  let lastFolder = '';
  for (const path of present) {
    // Lists are sorted as a rule: the folders of most files are those of the one before.
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const names = folder === lastFolder ? [path] : withFolders(path);
    lastFolder = folder;
    for (const name of names) groups.get(fold(name, folding))?.add(name);
  }
  return [...groups.values()]
    .filter((names) => names.size > 1)
    .map((names) => [...names].sort())
    .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}

function addTo(groups: Map<string, Set<string>>, key: string, name: string): void {
  const group = groups.get(key);
  if (group) group.add(name);
  else groups.set(key, new Set([name]));
}

/** `a/b/c` → `a`, `a/b`, `a/b/c`. */
function withFolders(path: string): string[] {
  const names: string[] = [];
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1))
    names.push(path.slice(0, end));
  names.push(path);
  return names;
}

function fold(name: string, folding: NameFolding): string {
  const plain = folding.unicode ? name.normalize('NFC') : name;
  // Upper case first: ß and ſ and their like have one upper case form that they share with others.
  return folding.case ? plain.toUpperCase().toLowerCase() : plain;
}
