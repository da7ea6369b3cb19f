/** Which copy of the project. */
export type Side = 'local' | 'remote';

/** Files that a sync replaced or deleted on one side, kept there. */
export interface Backup {
  /** Unique on its side; sorts by time. */
  readonly id: string;
  readonly side: Side;
  readonly createdAtMs: number;
  /** Paths that it holds, relative to the project's root. */
  readonly files: readonly string[];
}

/** Backups that stay however old they are. */
export const BACKUPS_KEPT = 20;
const KEPT_DAYS = 30;

/** A backup that was made before this is removed, unless it is one of the newest. Milliseconds. */
export function backupCutoff(nowMs: number): number {
  return nowMs - KEPT_DAYS * 24 * 60 * 60 * 1000;
}

/** Which backups of one side a transfer removes when it is done: the newest stay, and all of the last days. */
export function outdatedBackups<T extends Pick<Backup, 'id' | 'createdAtMs'>>(
  backups: readonly T[],
  nowMs: number,
): T[] {
  const newestFirst = [...backups].sort((a, b) => (a.id < b.id ? 1 : -1));
  return newestFirst.slice(BACKUPS_KEPT).filter(({ createdAtMs }) => createdAtMs < backupCutoff(nowMs));
}
