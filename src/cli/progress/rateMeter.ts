const WINDOW_MS = 20_000;

interface Sample {
  readonly atMs: number;
  readonly ended: number;
}

/** Tasks that end per second, over the last twenty seconds. */
export class RateMeter {
  private samples: Sample[] = [];

  /** Notes how many tasks have ended by now. */
  add(atMs: number, ended: number): void {
    this.samples.push({ atMs, ended });
    // The newest of those outside the window stays: the rate then covers the whole window.
    const outside = this.samples.findLastIndex((sample) => atMs - sample.atMs >= WINDOW_MS);
    if (outside > 0) this.samples = this.samples.slice(outside);
  }

  /** Undefined until two tasks have ended in a second or more. */
  get perSecond(): number | undefined {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (!first || !last || last.atMs - first.atMs < 1000 || last.ended - first.ended < 2) return undefined;
    return ((last.ended - first.ended) * 1000) / (last.atMs - first.atMs);
  }
}
