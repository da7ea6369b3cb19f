import type { OfferedChange } from '../../core/analysis/offeredChanges';
import { largestGpuBytes } from '../../core/analysis/offeredChanges';
import { formatBytes } from '../../core/base/formatBytes';
import type { ResourceChange, TaskResources } from '../../core/engine/resourceChange';
import type { SourceSummary } from '../../core/facade';
import { formatSeconds } from '../../core/sweep/duration';
import { facts } from '../trees/itemData';
import type { L10n } from './l10n';
import { taskCount } from './stateWords';

/** What a rerun gave a task, a few words each. Empty for nothing. */
export function resourceWords(l10n: L10n, { sources, timeLimitSec, memory }: TaskResources = {}): string[] {
  return [
    ...(sources === undefined ? [] : [l10n.t('only on {0}', sources.join(', '))]),
    ...(timeLimitSec === undefined ? [] : [limitWords(l10n, timeLimitSec)]),
    ...(memory === undefined ? [] : [l10n.t('memory {0}', memory)]),
  ];
}

function limitWords(l10n: L10n, timeLimitSec: number | null): string {
  return timeLimitSec === null
    ? l10n.t('no time limit')
    : l10n.t('time limit {0}', formatSeconds(timeLimitSec));
}

/** The words of a way to run tasks again: what to choose, and what to know of it. */
export interface OfferWords {
  readonly label: string;
  readonly description?: string;
}

export function offerWords(l10n: L10n, offer: OfferedChange): OfferWords {
  switch (offer.kind) {
    case 'asItWas':
      return { label: l10n.t('Rerun As It Was') };
    case 'time':
      return {
        label: l10n.t('Rerun with a Time Limit of {0}', formatSeconds(offer.timeLimitSec)),
        description: l10n.t('was {0}', formatSeconds(offer.wasSec)),
      };
    case 'source':
      return {
        label: l10n.t('Rerun on {0}', offer.source.name),
        description: sourceFactsText(l10n, offer.source),
      };
    case 'elsewhere':
      return {
        label: l10n.t('Rerun on Other Sources than {0}', offer.avoided.join(', ')),
        description: offer.sources.join(', '),
      };
    case 'fewer':
      return {
        label: l10n.t('Rerun with {0} at One Time on {1}', offer.slots, offer.source),
        description: l10n.t('instead of {0}', offer.was),
      };
  }
}

/** What tells whether tasks that lacked something would find it there. */
function sourceFactsText(l10n: L10n, { host, health }: SourceSummary): string {
  const gpu = largestGpuBytes(health);
  return facts(
    host,
    gpu !== undefined && l10n.t('{0} GPU', formatBytes(gpu)),
    health?.memory && l10n.t('{0} memory', formatBytes(health.memory.totalBytes)),
    health?.state === 'unhealthy' && l10n.t('not healthy'),
  );
}

/** What happens now, e.g. `12 tasks run again, on box2, with a time limit of 2 h.` */
export function rerunText(l10n: L10n, tasks: number, change: ResourceChange): string {
  const { sources, timeLimitSec, memory, slots } = change;
  const how = [
    ...(sources === undefined ? [] : [l10n.t('on {0}', sources.join(', '))]),
    ...(timeLimitSec === undefined ? [] : [limitPhrase(l10n, timeLimitSec)]),
    ...(memory === undefined ? [] : [l10n.t('with {0} of memory each', memory)]),
    ...(slots === undefined ? [] : [l10n.t('{0} at one time', slots)]),
  ].join(', ');
  const count = taskCount(l10n, tasks);
  return how === '' ? l10n.t('Running {0} again.', count) : l10n.t('Running {0} again {1}.', count, how);
}

function limitPhrase(l10n: L10n, timeLimitSec: number | null): string {
  return timeLimitSec === null
    ? l10n.t('without a time limit')
    : l10n.t('with a time limit of {0}', formatSeconds(timeLimitSec));
}
