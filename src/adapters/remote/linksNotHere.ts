import type { NotHere } from '../../core/collection/sourceCleaning';
import { faultOfLinksIn, faultOfPlace, linkHere } from '../transfer/localLinks';
import { linkedPath } from '../transfer/remotePath';
import type { TreeEntry } from '../transfer/treeListing';

/** A symbolic link there that is not here, and what a collection would not make it for. */
export interface LinkNotHere {
  readonly path: string;
  /** Undefined: the next collection makes it. */
  readonly fault: NotHere | undefined;
}

/**
 * Symbolic links of the listing that lead to the same in none of the directories here.
 *
 * On Windows, where none are made, what a link leads to stands for it when that is in the listing: it is compared by itself.
 *
 * @param dirs - where they may be; the first is where a collection makes them
 */
export function linksNotHere(
  entries: readonly TreeEntry[],
  [usual = '', ...others]: readonly string[],
  platform: NodeJS.Platform = process.platform,
): readonly LinkNotHere[] {
  const dirs = [usual, ...others];
  const listed = new Set(entries.filter(({ kind }) => kind !== 'link').map(({ path }) => path));
  const isStoodFor = ({ path, target = '' }: TreeEntry): boolean =>
    platform === 'win32' && listed.has(linkedPath(path, target) ?? '');
  const missing = entries
    .filter(({ kind }) => kind === 'link')
    .filter((entry) => !isStoodFor(entry) && !dirs.some((dir) => linkHere(dir, entry.path) === entry.target));
  const faultOfDisk = missing.length > 0 ? faultOfLinksIn(usual) : undefined;
  return missing.map(({ path }) => {
    const fault = faultOfPlace(usual, path, faultOfDisk);
    return { path, fault: fault === undefined ? undefined : { text: `${path} (${fault})`, by: 'hand' } };
  });
}
