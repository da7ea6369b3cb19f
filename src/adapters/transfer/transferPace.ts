const FIRST_BYTES = 8 * 1024 * 1024;
const LEAST_BYTES = 1024 * 1024;
const MOST_BYTES = 1024 * 1024 * 1024;
/** Who waits for a turn waits about so long: less is spent on beginning anew, more is noticed. */
const [SHORT_MS, LONG_MS] = [1_500, 4_000];

/** How large a piece of a transfer may be, so that others get their turn on a connection that carries one thing at a time. */
export class TransferPace {
  private limit = FIRST_BYTES;

  /** @param isLimited - false: everything comes in one piece */
  constructor(readonly isLimited: boolean) {}

  /** Of the next piece. */
  get bytes(): number {
    return this.isLimited ? this.limit : Infinity;
  }

  /** Brings a piece, and learns from the time that it took. */
  async timed<T>(bring: () => Promise<T>): Promise<T> {
    const beganAt = performance.now();
    const result = await bring();
    const tookMs = performance.now() - beganAt;
    if (tookMs < SHORT_MS) this.limit = Math.min(this.limit * 2, MOST_BYTES);
    else if (tookMs > LONG_MS) this.limit = Math.max(this.limit / 2, LEAST_BYTES);
    return result;
  }
}
