import type { Clock } from '../../core/base/clock';
import { Emitter } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { Change, SweepFacade } from '../../core/facade';

/** Views redraw at most four times a second, however fast tasks end. */
export const REDRAW_INTERVAL_MS = 250;

/** Gathers the engine's changes, so that every view redraws once for many of them. The first one passes at once. */
export class ChangeBatch implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<Change>());
  private gathered: Change | undefined;
  private lastFireMs = -Infinity;
  private timer: Disposable | undefined;

  readonly onDidChange = this.changed.event;

  constructor(
    facade: Pick<SweepFacade, 'onDidChange'>,
    private readonly clock: Clock,
  ) {
    this.store.add(
      facade.onDidChange((change) => {
        this.add(change);
      }),
    );
  }

  private add(change: Change): void {
    if (this.gathered) {
      this.gathered = mergeChanges(this.gathered, change);
      return;
    }
    this.gathered = change;
    const delayMs = Math.max(0, this.lastFireMs + REDRAW_INTERVAL_MS - this.clock.elapsed());
    this.timer = this.clock.after(delayMs, () => {
      this.fire();
    });
  }

  private fire(): void {
    const change = this.gathered;
    this.gathered = undefined;
    this.lastFireMs = this.clock.elapsed();
    if (change) this.changed.fire(change);
  }

  dispose(): void {
    this.timer?.dispose();
    this.store.dispose();
  }
}

/** Everything that either change names. */
export function mergeChanges(a: Change, b: Change): Change {
  return {
    ...((a.sweepList ?? b.sweepList) && { sweepList: true }),
    ...((a.sources ?? b.sources) && { sources: true }),
    ...((a.sweeps ?? b.sweeps) && { sweeps: mergeSweeps(a.sweeps ?? new Map(), b.sweeps ?? new Map()) }),
  };
}

type ChangedSweeps = NonNullable<Change['sweeps']>;

function mergeSweeps(a: ChangedSweeps, b: ChangedSweeps): ChangedSweeps {
  const merged = new Map(a);
  for (const [id, tasks] of b) {
    const before = merged.get(id);
    // Undefined means "too many to name", which no list can add to.
    if (!merged.has(id)) merged.set(id, tasks);
    else merged.set(id, before && tasks && [...new Set([...before, ...tasks])]);
  }
  return merged;
}
