import { formatBytes } from '../base/formatBytes';
import type { SyncProgress } from './syncFacade';
import { fileCount } from './verdictText';

/** How much of a transfer. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Words how far a transfer is, e.g. `Sending 12 of 340 files, 1.2 of 3.4 MiB`. Its fraction is that of the bytes, where there are
 * any.
 *
 * @param verb - e.g. `Sending`
 */
export function amountProgress(verb: string, done: Amount, total: Amount): SyncProgress {
  // Commits travel beside the files, and have none.
  const files = total.files > 0 ? `${done.files} of ${fileCount(total.files)}` : 'commits';
  const bytes = total.bytes > 0 ? `, ${ofBytes(done.bytes, total.bytes)}` : '';
  const [part, whole] = total.bytes > 0 ? [done.bytes, total.bytes] : [done.files, total.files];
  return { text: `${verb} ${files}${bytes}`, ...(whole > 0 && { fraction: Math.min(1, part / whole) }) };
}

/** `1.2 of 3.4 MiB`, `900 KiB of 3.4 MiB`. */
function ofBytes(done: number, total: number): string {
  const [part, whole] = [formatBytes(Math.min(done, total)), formatBytes(total)];
  const unit = whole.slice(whole.indexOf(' '));
  return `${part.endsWith(unit) ? part.slice(0, -unit.length) : part} of ${whole}`;
}
