import type { ResourceChange } from '../engine/resourceChange';
import type { SourceSummary, SweepSummary } from '../facade';
import type { FailureGroup } from './failure';
import { GPU_PATTERNS } from './patterns/gpuPatterns';

/** A rerun that may help a group of failures, with what people want to know of it. */
export type OfferedChange =
  | { readonly kind: 'asItWas'; readonly change: ResourceChange }
  | {
      readonly kind: 'time';
      readonly change: ResourceChange;
      readonly timeLimitSec: number;
      /** Seconds; what they had. */
      readonly wasSec: number;
    }
  | { readonly kind: 'source'; readonly change: ResourceChange; readonly source: SourceSummary }
  /** On all other sources of the sweep. */
  | {
      readonly kind: 'elsewhere';
      readonly change: ResourceChange;
      readonly sources: readonly string[];
      /** Where they failed. */
      readonly avoided: readonly string[];
    }
  | {
      readonly kind: 'fewer';
      readonly change: ResourceChange;
      readonly source: string;
      readonly slots: number;
      readonly was: number;
    };

/** What is known of a group of failures when it is to run again. */
export interface RerunSituation {
  readonly group: FailureGroup;
  readonly sweep: Pick<SweepSummary, 'sources'>;
  /** All that are configured. */
  readonly sources: readonly SourceSummary[];
  /** Seconds that its tasks had; absent: no limit. */
  readonly timeLimitSec?: number;
}

/**
 * The ways to run a group of failures again: first what the cause of the failures asks for, which is no change where it
 * asks for none, then the others. Claims nothing: a source is called larger only where both are known.
 */
export function offeredChanges(situation: RerunSituation): readonly OfferedChange[] {
  const { explanation } = situation.group;
  const ways = waysOf(situation);
  const { asItWas, time, elsewhere, larger, others, fewer } = ways;
  switch (explanation?.remedy) {
    case 'time':
      return [...time, ...asItWas, ...larger, ...others, ...fewer];
    case 'memory':
      return [...larger, ...fewer, ...asItWas, ...others, ...time];
    case 'host':
      return [...elsewhere, ...larger, ...others, ...asItWas, ...fewer, ...time];
    case 'again':
    case undefined:
      return [...asItWas, ...time, ...larger, ...others, ...fewer];
  }
}

type Ways = Readonly<
  Record<'asItWas' | 'time' | 'elsewhere' | 'larger' | 'others' | 'fewer', readonly OfferedChange[]>
>;

function waysOf(situation: RerunSituation): Ways {
  const { group, sweep, sources, timeLimitSec } = situation;
  const used = usedSources(situation);
  const isGpu = GPU_PATTERNS.some(({ id }) => id === group.explanation?.pattern);
  const needed = Math.max(...used.map((source) => memoryOf(source, isGpu) ?? Infinity));
  const unused = sources.filter((source) => !used.includes(source));
  const isLarger = (source: SourceSummary): boolean => (memoryOf(source, isGpu) ?? 0) > needed;
  const bySize = [...unused].sort((a, b) => (memoryOf(b, isGpu) ?? 0) - (memoryOf(a, isGpu) ?? 0));
  const avoided = used.map(({ name }) => name);
  const elsewhere = sweep.sources.filter((name) => !avoided.includes(name));
  const toOffer = (source: SourceSummary): OfferedChange => ({
    kind: 'source',
    change: { sources: [source.name] },
    source,
  });
  return {
    asItWas: [{ kind: 'asItWas', change: {} }],
    time: timeLimitSec === undefined ? [] : [longer(timeLimitSec)],
    // One source is offered by its name.
    elsewhere:
      elsewhere.length > 1
        ? [{ kind: 'elsewhere', change: { sources: elsewhere }, sources: elsewhere, avoided }]
        : [],
    larger: bySize.filter(isLarger).map(toOffer),
    others: bySize.filter((source) => !isLarger(source)).map(toOffer),
    fewer: used.flatMap((source) => fewer(source, sweep.sources.length > 1)),
  };
}

/** Where the group's tasks failed, as far as that is known; else all of the sweep. */
function usedSources({ group: { places = {} }, sweep, sources }: RerunSituation): SourceSummary[] {
  const own = sources.filter(({ name }) => sweep.sources.includes(name));
  const there = own.filter(({ name, host }) => name in places || (host !== undefined && host in places));
  // The name of a machine need not be that of its source.
  return there.length > 0 ? there : own;
}

function longer(wasSec: number): OfferedChange {
  const timeLimitSec = 2 * wasSec;
  return { kind: 'time', change: { timeLimitSec }, timeLimitSec, wasSec };
}

/** Fewer tasks at one time leave more memory to each. */
function fewer({ name, slots: was }: SourceSummary, isOneOfMany: boolean): OfferedChange[] {
  if (was === undefined || was < 2) return [];
  const slots = Math.floor(was / 2);
  const change = { slots, ...(isOneOfMany ? { sources: [name] } : {}) };
  return [{ kind: 'fewer', change, source: name, slots, was }];
}

/** Bytes for a task that has the machine, or its largest card, for itself; undefined: not known. */
function memoryOf({ health }: SourceSummary, isGpu: boolean): number | undefined {
  if (!isGpu) return health?.memory?.totalBytes;
  return largestGpuBytes(health);
}

/** The memory of the largest card that a check found; undefined where none told. */
export function largestGpuBytes(health: SourceSummary['health']): number | undefined {
  const sizes = (health?.gpus ?? []).flatMap(({ totalMiB }) => totalMiB ?? []);
  return sizes.length > 0 ? Math.max(...sizes) * 1024 * 1024 : undefined;
}
