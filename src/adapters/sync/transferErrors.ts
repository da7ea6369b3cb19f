import type { SyncPlan } from '../../core/sync/plan';
import { ProjectSyncError } from '../../core/sync/projectSyncError';

/** Files are not what the comparison saw; nothing was changed, or it was found only afterwards. */
export function changedError(paths: readonly string[], where: string): ProjectSyncError {
  const what = paths.length === 0 ? 'Something' : nameSome(paths);
  return new ProjectSyncError(`${what} changed ${where} since the comparison.`, [
    {
      text: where.includes('after')
        ? 'Everything that was replaced is kept as a backup.'
        : 'Nothing was transferred.',
      action: 'Compare again.',
      blocks: true,
      about: 'everything',
    },
  ]);
}

/** Folders, or files in them that take no part in a sync, are where a file is to come. */
export function folderError(paths: readonly string[], where: string): ProjectSyncError {
  return new ProjectSyncError(
    `A file cannot take the place of a folder ${where} that is not empty or not known: ${nameSome(paths)}.`,
    [
      {
        text: 'Nothing was transferred.',
        action: 'Move that away, then compare again.',
        blocks: true,
        about: 'files',
      },
    ],
  );
}

/** A transfer that could not go on: which files are new, and which old. */
export function stoppedError(
  { files }: SyncPlan,
  done: ReadonlySet<string>,
  { path, why, where }: { readonly path: string; readonly why: string; readonly where: string },
): ProjectSyncError {
  const fresh = files.filter((file) => done.has(file.path)).map((file) => file.path);
  const old = files.filter((file) => !done.has(file.path)).map((file) => file.path);
  const message = `The sync stopped at ${path} ${where}${why === '' ? '' : `: ${why}`}.`;
  return new ProjectSyncError(message, [
    ...(fresh.length > 0 ? [state(`New: ${nameSome(fresh)}.`)] : []),
    { ...state(`Old: ${nameSome(old)}.`), action: 'Remove the cause, compare and sync again.' },
  ]);
}

function state(text: string): { text: string; blocks: true; about: 'everything' } {
  return { text, blocks: true, about: 'everything' };
}

/** The first of them, and how many more. */
export function nameSome(paths: readonly string[]): string {
  const shown = paths.slice(0, 10).join(', ');
  return paths.length > 10 ? `${shown} and ${paths.length - 10} more` : shown;
}
