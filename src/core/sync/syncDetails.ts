import type { FileComparison, Verdict } from './comparison';
import type { Content } from './content';
import type { DirtyEntry, SideState } from './sideState';

/** What git calls not clean on one side: how many files of each kind. Kinds that there are none of are left out. */
export type StatusCounts = Readonly<Partial<Record<DirtyEntry['kind'], number>>>;

/** A file that both sides have, with different content. */
export interface Mismatch {
  readonly path: string;
  /** Of the bytes, 64 hexadecimal digits; `git:` and an object id for a file that git knows clean; `link:` and its text. */
  readonly local: string;
  readonly remote: string;
}

/** What a verdict rests on. */
export interface SyncDetails {
  /** Files by what became of them; `same` of those that were compared. */
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Absent on a side without git. */
  readonly localStatus?: StatusCounts;
  readonly remoteStatus?: StatusCounts;
  readonly mismatched: readonly Mismatch[];
  /** Paths that only the other side has. */
  readonly missingHere: readonly string[];
  readonly missingThere: readonly string[];
}

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
