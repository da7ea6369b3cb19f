import { isSweepOver } from '../../core/engine/taskState';
import type { SweepSummary } from '../../core/facade';
import { formatCollecting } from './collectText';

/** What is being copied for a sweep, a line for each source: `gpubox: bringing results home, 1.2 GiB of 3.0 GiB, 40 MiB/s`. */
export function formatTransfers({ transfers = [], state, driver }: SweepSummary): string[] {
  if (isSweepOver(state) && driver === 'elsewhere') return ['Another process brings its results home.'];
  return transfers.map((transfer) => {
    const what = transfer.what === 'code' ? 'copying the code there' : 'bringing results home';
    // Before the first byte: looking what there is.
    const amount = transfer.totalBytes === 0 ? '' : `, ${formatCollecting(transfer)}`;
    return `${transfer.source}: ${what}${amount}`;
  });
}
