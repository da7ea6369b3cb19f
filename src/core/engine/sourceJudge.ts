/** Fewer ended attempts say nothing about a source. */
const MIN_ENDED = 5;

/** Share of failed attempts from which on a source is suspected. */
const MAX_FAILED_SHARE = 0.4;

/** What a source's attempts came to, as far as this process saw them. */
interface Tally {
  ended: number;
  succeeded: number;
  /** Failed attempts by cause. */
  readonly failures: Map<string, number>;
}

/**
 * Tells a bad source from bad tasks. A source is to blame for failures that happen there and nowhere else; a cause
 * that other sources show too is the tasks' own, and for the sweep's stop rule to deal with.
 */
export class SourceJudge {
  private readonly tallies = new Map<string, Tally>();

  succeeded(source: string): void {
    const tally = this.tallyOf(source);
    tally.ended++;
    tally.succeeded++;
  }

  /** @param cause - equal for failures of the same cause, e.g. the signature of a traceback */
  failed(source: string, cause: string): void {
    const tally = this.tallyOf(source);
    tally.ended++;
    tally.failures.set(cause, (tally.failures.get(cause) ?? 0) + 1);
  }

  /** Starts afresh, e.g. when a source is given another chance. */
  forget(source: string): void {
    this.tallies.delete(source);
  }

  /**
   * @param others - sources that could do its work
   * @returns why a source should get no more tasks, as a sentence; undefined when it may go on
   */
  verdict(source: string, others: readonly string[]): string | undefined {
    const tally = this.tallyOf(source);
    // Without a source where tasks are known to work there is nothing to compare with, and nowhere to go.
    const proven = others.some((other) => (this.tallies.get(other)?.succeeded ?? 0) > 0);
    if (!proven || tally.ended < MIN_ENDED) return undefined;
    const own = [...tally.failures].filter(
      ([cause]) => !others.some((other) => this.tallyOf(other).failures.has(cause)),
    );
    const failed = own.reduce((sum, [, count]) => sum + count, 0);
    if (failed < MAX_FAILED_SHARE * tally.ended) return undefined;
    return `${failed} of ${tally.ended} tasks failed there in ways that other sources do not show.`;
  }

  private tallyOf(source: string): Tally {
    const known = this.tallies.get(source);
    if (known) return known;
    const fresh = { ended: 0, succeeded: 0, failures: new Map<string, number>() };
    this.tallies.set(source, fresh);
    return fresh;
  }
}
