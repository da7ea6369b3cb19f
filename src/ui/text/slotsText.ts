import type { SourceSummary } from '../../core/facade';
import type { L10n } from './l10n';

/** How full a source is. */
export function slotsText(l10n: L10n, { slots, active }: Pick<SourceSummary, 'slots' | 'active'>): string {
  if (slots !== undefined) return l10n.t('{0} of {1} slots in use', active, slots);
  return active === 0 ? l10n.t('slots not known yet') : l10n.t('{0} in use, slots not known yet', active);
}
