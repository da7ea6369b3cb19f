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
 * The address of a side, e.g. `hsm-side:/home/dana/project/train.py?source=gpubox&side=remote&path=train.py`. The query
 * says what is meant. The path is that of the file in the workspace, for the title and the language, and because
 * VS Code takes two sides with different paths for a renamed file.
 *
 * @param filePath - the path of the workspace file's own address
 */
export function toSideUriParts({ source, path, side }: SideDocument, filePath: string): UriParts {
  const query = new URLSearchParams({ source, side, path });
  return { scheme: SIDE_SCHEME, path: filePath, query: query.toString() };
}

/** What an address means; undefined when it is none of ours. */
export function parseSideUriParts({ scheme, query }: UriParts): SideDocument | undefined {
  if (scheme !== SIDE_SCHEME) return undefined;
  const search = new URLSearchParams(query);
  const [source, path, side] = [search.get('source'), search.get('path'), search.get('side')];
  if (!source || !path || (side !== 'local' && side !== 'remote')) return undefined;
  return { source, path, side };
}
