import type { Clock } from '../base/clock';
import type { CollectionProgress } from '../compute/computeSource';

/** Transfers that take less are over before anybody has read of them. */
const WORTH_SHOWING_MS = 2_000;

/** How far the transfers of one source are that go on at the moment, as one. */
export class TransferMeter {
  private readonly running = new Map<object, { readonly since: number; progress: CollectionProgress }>();

  /** @param onChange - called when what {@link total} says may have changed */
  constructor(
    private readonly clock: Clock,
    private readonly onChange: () => void,
  ) {}

  /** Counts a transfer in while it goes on. `work` tells how far it is. */
  async during<T>(work: (tell: (progress: CollectionProgress) => void) => Promise<T>): Promise<T> {
    const key = {};
    const since = this.clock.elapsed();
    const tell = (progress: CollectionProgress): void => {
      this.running.set(key, { since, progress });
      this.onChange();
    };
    this.running.set(key, { since, progress: { bytes: 0, totalBytes: 0, bytesPerSecond: 0 } });
    try {
      return await work(tell);
    } finally {
      this.running.delete(key);
      this.onChange();
    }
  }

  /** @param all - also of those that have only just begun. @returns undefined when there is none */
  total(all: boolean): CollectionProgress | undefined {
    const now = this.clock.elapsed();
    const shown = [...this.running.values()].filter(({ since }) => all || now - since >= WORTH_SHOWING_MS);
    if (shown.length === 0) return undefined;
    const sum = (of: keyof CollectionProgress): number =>
      shown.reduce((total, { progress }) => total + progress[of], 0);
    return { bytes: sum('bytes'), totalBytes: sum('totalBytes'), bytesPerSecond: sum('bytesPerSecond') };
  }
}
