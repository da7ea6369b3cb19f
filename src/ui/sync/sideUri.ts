import type { UriParts } from '../documents/documentUri';

/** Scheme of the read-only documents that show one side of a compared file. */
export const SIDE_SCHEME = 'hsm-side';

/** One side of a compared file, where that is not simply the file on this disk. */
export interface SideDocument {
  readonly source: string;
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  /** `local`: of a file that is absent here, or a link, which an editor would follow. */
  readonly side: 'local' | 'remote';
}

/**
 * The address of a side, e.g. `hsm-side:/gpubox/src/train.py?source=gpubox&side=remote&path=src%2Ftrain.py`. The path
 * is there for the tab's title and the language; the query says what is meant.
 */
export function toSideUriParts({ source, path, side }: SideDocument): UriParts {
  const query = new URLSearchParams({ source, side, path });
  return { scheme: SIDE_SCHEME, path: `/${source}/${path}`, query: query.toString() };
}

/** What an address means; undefined when it is none of ours. */
export function parseSideUriParts({ scheme, query }: UriParts): SideDocument | undefined {
  if (scheme !== SIDE_SCHEME) return undefined;
  const search = new URLSearchParams(query);
  const [source, path, side] = [search.get('source'), search.get('path'), search.get('side')];
  if (!source || !path || (side !== 'local' && side !== 'remote')) return undefined;
  return { source, path, side };
}
