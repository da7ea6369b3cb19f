import type { SweepSummary } from '../../core/facade';

/** What people call a sweep: its file, without folder and ending. Runs of one file differ by when they started. */
export function sweepName({ file, id }: Pick<SweepSummary, 'file' | 'id'>): string {
  const base = file.split(/[\\/]/).at(-1) ?? '';
  return base.replace(/\.ya?ml$/i, '') || id;
}

/** When a sweep was started, short, as the user's locale writes it. */
export function formatStart({ createdAtMs }: Pick<SweepSummary, 'createdAtMs'>): string {
  return new Date(createdAtMs).toLocaleString(undefined, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}
