import { randomBytes } from 'node:crypto';
import type { Backup, Side } from '../../core/sync/backup';

/** An id that sorts by time, e.g. `20261122T140501123Z-9f3a1c`. */
export function newBackupId(nowMs: number): string {
  return `${backupIdAt(nowMs)}-${randomBytes(3).toString('hex')}`;
}

/** How the ids of that time begin. */
export function backupIdAt(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:.]/g, '');
}

/** When a backup with this id was made. */
export function backupTimeMs(id: string): number {
  return parseTime(id);
}

/** A backup by its id, which tells the time. */
export function backupOf(id: string, side: Side, files: readonly string[]): Backup {
  return { id, side, createdAtMs: parseTime(id), files: [...files].sort() };
}

export function isBackupId(id: string): boolean {
  return /^\d{8}T\d{9}Z-[0-9a-f]{6}$/.test(id);
}

function parseTime(id: string): number {
  const time = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/.exec(id);
  if (!time) return 0;
  const [, year, month, day, hour, minute, second, milli] = time;
  return Date.parse(
    `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}.${milli ?? ''}Z`,
  );
}
