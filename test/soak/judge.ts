/** What the driving process weighs at one moment. */
export interface Sample {
  /** Seconds since the start. */
  readonly atSec: number;
  readonly rssMiB: number;
  /** After a collection of garbage. */
  readonly heapMiB: number;
  readonly openFiles: number;
  /** Of the event loop since the last sample, 99th percentile and highest. */
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  readonly sweepsEnded: number;
  readonly tasksEnded: number;
}

export type Measure = 'rssMiB' | 'heapMiB' | 'openFiles' | 'delayP99Ms';

/** How one measure went. */
export interface Verdict {
  readonly measure: Measure;
  /** Mean over the judged part. */
  readonly mean: number;
  /** Growth over the judged part by a straight line through it. */
  readonly growth: number;
  /** More growth than this is not flat. */
  readonly bound: number;
  readonly flat: boolean;
}

/**
 * Growth that noise explains. RSS moves in steps with the collector's pages; the heap has been collected and may not;
 * each of the few sweeps that are kept holds a file or two.
 */
const BOUNDS: Readonly<Record<Measure, number>> = { rssMiB: 40, heapMiB: 8, openFiles: 4, delayP99Ms: 30 };

/** Judges the last two thirds: in the first, caches fill and code is compiled. */
export function judge(samples: readonly Sample[]): Verdict[] {
  const judged = samples.slice(Math.floor(samples.length / 3));
  return (Object.keys(BOUNDS) as Measure[]).map((measure) => {
    const points = judged.map((sample): [number, number] => [sample.atSec, sample[measure]]);
    const growth = slope(points) * ((points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0));
    const bound = BOUNDS[measure];
    return { measure, mean: mean(points.map(([, value]) => value)), growth, bound, flat: growth <= bound };
  });
}

/** Of the straight line with the least squared distance to the points; 0 of fewer than two. */
function slope(points: readonly (readonly [number, number])[]): number {
  const x = mean(points.map(([at]) => at));
  const y = mean(points.map(([, value]) => value));
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  const common = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0);
  return spread === 0 ? 0 : common / spread;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
