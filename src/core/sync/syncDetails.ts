import type { FileComparison, Mismatch, StatusCounts, SyncDetails } from './comparison';
import type { Content } from './content';
import type { DirtyEntry, SideState } from './sideState';

/** Gathers what a comparison found. */
export function syncDetails(
  files: readonly FileComparison[],
  compared: number,
  { local, remote }: { readonly local: SideState; readonly remote: SideState },
): SyncDetails {
  const localStatus = statusCounts(local);
  const remoteStatus = statusCounts(remote);
  return {
    counts: countVerdicts(files, compared),
    ...(localStatus && { localStatus }),
    ...(remoteStatus && { remoteStatus }),
    mismatched: files.flatMap(mismatchOf),
    missingHere: files.filter((file) => file.local.kind === 'absent').map(({ path }) => path),
    missingThere: files.filter((file) => file.remote.kind === 'absent').map(({ path }) => path),
  };
}

function countVerdicts(files: readonly FileComparison[], compared: number): SyncDetails['counts'] {
  const counts = { push: 0, pull: 0, conflict: 0, deletedHere: 0, deletedThere: 0 };
  for (const { verdict } of files) counts[verdict] += 1;
  return { same: Math.max(0, compared - files.length), ...counts };
}

function statusCounts({ git }: SideState): StatusCounts | undefined {
  if (!git) return undefined;
  const counts: Partial<Record<DirtyEntry['kind'], number>> = {};
  for (const { kind } of git.dirty.values()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function mismatchOf({ path, local, remote }: FileComparison): Mismatch[] {
  const [here, there] = [hashOf(local), hashOf(remote)];
  return here === undefined || there === undefined || here === there
    ? []
    : [{ path, local: here, remote: there }];
}

function hashOf(content: Content): string | undefined {
  switch (content.kind) {
    case 'file':
      return content.sha256;
    case 'object':
      return `git:${content.oid}`;
    case 'link':
      return `link:${content.target}`;
    case 'absent':
    case 'other':
      return undefined;
  }
}
