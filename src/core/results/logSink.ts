import type { JsonValue } from '../sweep/value';
import type { MetricRange } from './columnBuilder';

/** Takes the values of a log, in the order in which they were written. */
export interface LogSink {
  /** @param step - epoch or step of the value; where the log has none, how many values came before */
  value(name: string, step: number, value: JsonValue): void;
}

/** What a log comes to: the last value of each name, and its range where there was more than one. */
export class SummarySink implements LogSink {
  private readonly byName = new Map<string, { last: JsonValue; low: number; high: number; count: number }>();

  value(name: string, _step: number, value: JsonValue): void {
    const known = this.byName.get(name);
    const entry = known ?? { last: value, low: NaN, high: NaN, count: 0 };
    if (!known) this.byName.set(name, entry);
    entry.last = value;
    entry.count++;
    if (typeof value !== 'number' || Number.isNaN(value)) return;
    if (!(entry.low <= value)) entry.low = value;
    if (!(entry.high >= value)) entry.high = value;
  }

  get lasts(): [string, JsonValue][] {
    return [...this.byName].map(([name, { last }]) => [name, last]);
  }

  rangeOf(name: string): MetricRange | undefined {
    const entry = this.byName.get(name);
    if (!entry || entry.count < 2 || Number.isNaN(entry.low)) return undefined;
    return { low: entry.low, high: entry.high };
  }
}

/** The course of one metric. `xs` are steps, ascending where the log was. */
export interface Series {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

/** Points that are held while reading; then neighbours are thinned out. */
const HELD_POINTS = 40_000;

/** Gathers the course of one name in bounded memory. Values that are no numbers are left out. */
export class SeriesSink implements LogSink {
  private xs: number[] = [];
  private ys: number[] = [];

  constructor(private readonly name: string) {}

  value(name: string, step: number, value: JsonValue): void {
    if (name !== this.name || typeof value !== 'number') return;
    this.xs.push(step);
    this.ys.push(value);
    if (this.xs.length < HELD_POINTS) return;
    const thinned = thin({ xs: Float64Array.from(this.xs), ys: Float64Array.from(this.ys) }, HELD_POINTS / 2);
    this.xs = [...thinned.xs];
    this.ys = [...thinned.ys];
  }

  /** @param maxPoints - more are thinned to about so many */
  series(maxPoints: number): Series {
    return thin({ xs: Float64Array.from(this.xs), ys: Float64Array.from(this.ys) }, maxPoints);
  }
}

/**
 * A course with fewer points that looks the same: of every stretch the smallest and the largest value stay, in their
 * order, so that spikes are not lost. The last point stays.
 */
export function thin({ xs, ys }: Series, maxPoints: number): Series {
  if (xs.length <= maxPoints) return { xs, ys };
  const kept: number[] = [];
  const stretches = Math.max(1, Math.floor(maxPoints / 2));
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * xs.length) / stretches);
    const to = Math.floor(((stretch + 1) * xs.length) / stretches);
    let [low, high] = [from, from];
    for (let i = from; i < to; i++) {
      if (!((ys[i] ?? 0) >= (ys[low] ?? 0))) low = i;
      if (!((ys[i] ?? 0) <= (ys[high] ?? 0))) high = i;
    }
    kept.push(...(low === high ? [low] : low < high ? [low, high] : [high, low]));
  }
  if (kept.at(-1) !== xs.length - 1) kept.push(xs.length - 1);
  return {
    xs: Float64Array.from(kept, (i) => xs[i] ?? NaN),
    ys: Float64Array.from(kept, (i) => ys[i] ?? NaN),
  };
}
