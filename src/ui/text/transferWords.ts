import { formatBytes } from '../../core/base/formatBytes';
import type { SweepSummary, SweepTransfer } from '../../core/facade';
import type { L10n } from './l10n';

/** What is being copied for a sweep, all sources as one: `collecting 1.2 GiB of 3.4 GiB, 45 MiB/s`. Undefined: nothing. */
export function transferText(l10n: L10n, { transfers = [] }: SweepSummary): string | undefined {
  const [first] = transfers;
  // The code goes before the results come.
  return first && words(l10n, first.what, totalOf(transfers.filter(({ what }) => what === first.what)));
}

/** The same of one source, with its name. */
export function sourceTransferText(l10n: L10n, transfer: SweepTransfer): string {
  return l10n.t('{0}: {1}', transfer.source, words(l10n, transfer.what, transfer));
}

type Amount = Pick<SweepTransfer, 'bytes' | 'totalBytes' | 'bytesPerSecond'>;

function words(l10n: L10n, what: SweepTransfer['what'], amount: Amount): string {
  const verb = what === 'code' ? l10n.t('copying the code') : l10n.t('collecting');
  if (amount.totalBytes === 0) return verb;
  const done = formatBytes(amount.bytes);
  const whole = formatBytes(Math.max(amount.bytes, amount.totalBytes));
  return amount.bytesPerSecond > 0
    ? l10n.t('{0} {1} of {2}, {3}/s', verb, done, whole, formatBytes(amount.bytesPerSecond))
    : l10n.t('{0} {1} of {2}', verb, done, whole);
}

function totalOf(transfers: readonly SweepTransfer[]): Amount {
  const sum = (of: keyof Amount): number => transfers.reduce((total, transfer) => total + transfer[of], 0);
  return { bytes: sum('bytes'), totalBytes: sum('totalBytes'), bytesPerSecond: sum('bytesPerSecond') };
}
