import { ProjectSyncError } from '../../core/sync/projectSyncError';
import { makeLeftOut } from './choice';
import type { Places } from './places';
import { changedError, nameSome } from './transferErrors';

/** Why a side does not take commits; it is as it was before. Paths are those from the top of the repository. */
export type MergeRefusal =
  /** Another git writes the index, or one died while it did. */
  | { readonly kind: 'locked'; readonly file: string }
  /** Files that the commits change are not as HEAD has them. */
  | { readonly kind: 'edited'; readonly paths: readonly string[] }
  /** Files that git does not know are where the commits bring some. */
  | { readonly kind: 'inTheWay'; readonly paths: readonly string[] }
  /** In git's words. Files that are not as they were before: edited in that moment, or there was no room for them. */
  | { readonly kind: 'refused'; readonly text: string; readonly left: readonly string[] };

/** Reads the section `merge` of `apply.sh`; undefined: the commits were taken. */
export function parseMergeRefusal([kind, ...words]: readonly string[]): MergeRefusal | undefined {
  switch (kind) {
    case 'locked':
      return { kind, file: words[0] ?? '' };
    case 'edited':
      return { kind, paths: words };
    case 'way':
      return { kind: 'inTheWay', paths: [...new Set(words)] };
    case 'refused':
      return { kind, text: words[0] ?? '', left: words.slice(1) };
    default:
      return undefined;
  }
}

/** @param where - the side, e.g. `here`, `on gpubox` */
export function mergeRefusedError(
  refusal: MergeRefusal,
  places: Pick<Places, 'exclude' | 'output'> & { readonly prefix?: string },
  where: string,
): ProjectSyncError {
  switch (refusal.kind) {
    case 'locked':
      return failure(`Another git command is at work ${where}: it holds ${refusal.file}.`, {
        text: 'Nothing was changed.',
        action: 'Wait until it is over. If none is at work, remove that file, as git advises.',
      });
    case 'edited':
      return editedError(refusal.paths, places, where);
    case 'inTheWay':
      return failure(`The commits would run over what is not in git ${where}: ${nameSome(refusal.paths)}.`, {
        text: 'Nothing was changed.',
        action: 'Move it away or commit it, then compare again.',
      });
    case 'refused':
      return failure(`Git ${where} does not take the commits: ${refusal.text.trim()}`, {
        text:
          refusal.left.length === 0
            ? 'Nothing was changed.'
            : `Git had begun; all was put back but ${nameSome(refusal.left)}, where something else is, or no room was.`,
        action:
          refusal.left.length === 0
            ? 'Compare again.'
            : 'Look at those files; `git checkout -- FILE` brings back what is missing.',
      });
  }
}

/** What the comparison looks at has changed since; what it never looks at can only be helped with git. */
function editedError(
  paths: readonly string[],
  { prefix = '', exclude, output }: Pick<Places, 'exclude' | 'output'> & { readonly prefix?: string },
  where: string,
): ProjectSyncError {
  const isResult = makeLeftOut({ exclude, ...(output !== undefined && { output }) });
  const inside = paths.flatMap((path) => (path.startsWith(prefix) ? [path.slice(prefix.length)] : []));
  const compared = inside.filter((path) => !isResult(path));
  if (compared.length === paths.length) return changedError(compared, where);
  const others = paths.filter((path) => !compared.some((each) => prefix + each === path));
  return failure(
    `The commits change ${nameSome(others)}, which is edited ${where} and which no sync touches.`,
    {
      text: 'It lies outside the project or is excluded. Nothing was changed.',
      action: `Commit it or put it back with git ${where}, then compare again.`,
    },
  );
}

function failure(
  message: string,
  reason: { readonly text: string; readonly action: string },
): ProjectSyncError {
  return new ProjectSyncError(message, [{ ...reason, blocks: true, about: 'everything' }]);
}
