import ignore from 'ignore';
import { faultOfLink, faultOfPath, foldsCase, parentsOf } from './remotePath';
import type { Selection, SkippedFile } from './transfer';
import type { TreeEntry } from './treeListing';

/** What of a listing is to be brought here. */
export interface PullPlan {
  /** Files by their path. */
  readonly files: ReadonlyMap<string, TreeEntry>;
  /** Symbolic links by their path: where they lead. */
  readonly links: ReadonlyMap<string, string>;
  /** Directories that are to be there even when they are empty. */
  readonly directories: readonly string[];
  readonly skipped: readonly SkippedFile[];
  /** Whether every plain file that was listed is among `files`, or too large for them. */
  readonly isWhole: boolean;
}

/** Decides on every entry: bring it, leave it as the user wants, or leave it and say why. */
export function planPull(
  entries: readonly TreeEntry[],
  selection: Selection,
  platform: NodeJS.Platform = process.platform,
): PullPlan {
  const choiceAgainst = toFilter(selection);
  const wanted: TreeEntry[] = [];
  const files = new Map<string, TreeEntry>();
  const links = new Map<string, string>();
  const skipped: SkippedFile[] = [];
  const seen = new Map<string, string>();
  for (const entry of entries) {
    const { path, kind, size, target = '' } = entry;
    const choice = choiceAgainst(entry);
    if (choice === undefined) wanted.push(entry);
    else if (kind === 'file') skipped.push({ path, reason: 'unwanted', detail: choice, size });
    else if (kind === 'link' && selection.keepLinks === true)
      skipped.push({ path, reason: 'unwanted', detail: choice });
    if (choice !== undefined || kind === 'directory') continue;
    const fault = faultOf(entry, selection, platform) ?? collision(entry, seen, platform);
    if (fault) skipped.push({ path, ...fault, ...(kind === 'file' && { size }) });
    else if (kind === 'link') links.set(path, target);
    else files.set(path, entry);
  }
  // With `include`, a directory is only there for its files.
  const wantsEmpty = (selection.include ?? []).length === 0;
  const directories = wanted.filter(
    ({ kind, path }) => wantsEmpty && kind === 'directory' && faultOfPath(path, platform) === undefined,
  );
  const plain = entries.filter(
    ({ kind, size }) => kind === 'file' && size <= (selection.maxSize ?? Infinity),
  );
  return {
    files,
    links,
    directories: directories.map(({ path }) => path),
    skipped,
    isWhole: plain.length === files.size,
  };
}

/** Tells what speaks against an entry; undefined: it is wanted. */
function toFilter({ include = [], exclude = [] }: Selection): (entry: TreeEntry) => string | undefined {
  if (include.length + exclude.length === 0) return () => undefined;
  const included = ignore({ ignorecase: false }).add(include);
  const excluded = ignore({ ignorecase: false }).add(exclude);
  return ({ path, kind }) => {
    // What cannot be a path here is never left out in silence.
    if (!ignore.isPathValid(path)) return undefined;
    const name = kind === 'directory' ? `${path}/` : path;
    if (excluded.ignores(name)) return 'is excluded';
    return include.length === 0 || included.ignores(name) ? undefined : 'is not included';
  };
}

function faultOf(
  entry: TreeEntry,
  { maxSize = Infinity, keepLinks = false }: Selection,
  platform: NodeJS.Platform,
): Omit<SkippedFile, 'path'> | undefined {
  const fault = faultOfPath(entry.path, platform);
  if (fault !== undefined) return { reason: 'name', detail: fault };
  if (entry.kind === 'other') return { reason: 'kind', detail: 'is a device, a pipe or a socket' };
  if (entry.kind === 'link') {
    const detail = keepLinks ? faultOfLink(entry.path, entry.target ?? '', platform) : 'is a symbolic link';
    return detail === undefined ? undefined : { reason: 'kind', detail };
  }
  if (entry.size > maxSize)
    return { reason: 'size', detail: `has ${entry.size} bytes, more than the ${maxSize} allowed` };
  return undefined;
}

/** Two names that are one here: the second would replace the first. */
function collision(
  { path }: TreeEntry,
  seen: Map<string, string>,
  platform: NodeJS.Platform,
): Omit<SkippedFile, 'path'> | undefined {
  if (!foldsCase(platform)) return undefined;
  const folded = path.normalize('NFC').toLowerCase();
  const other = seen.get(folded);
  seen.set(folded, path);
  return other === undefined ? undefined : { reason: 'name', detail: `has the same name here as ${other}` };
}

/** All directories above and among the given paths. */
export function directoriesOf(paths: Iterable<string>): Set<string> {
  const directories = new Set<string>();
  for (const path of paths) for (const parent of parentsOf(path)) directories.add(parent);
  return directories;
}
