import type { FailureGroup } from '../../core/analysis/failure';
import type { Clock } from '../../core/base/clock';
import { Emitter, type Event } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { Change, SweepFacade } from '../../core/facade';

/** Causes are looked for again at most so often while tasks end. */
const INTERVAL_MS = 1000;

/** The causes of sweeps' failures, in memory, for views that cannot wait. */
export class FailureCauses implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<string>());
  /** Fires with the sweep whose causes became known or others. */
  readonly onDidChange: Event<string> = this.changed.event;
  private readonly groups = new Map<string, readonly FailureGroup[]>();
  private readonly stale = new Set<string>();
  private timer: Disposable | undefined;

  constructor(
    private readonly facade: Pick<SweepFacade, 'failureGroups' | 'sweep'>,
    onDidChange: Event<Change>,
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {
    this.store.add(
      onDidChange(({ sweeps }) => {
        for (const id of sweeps?.keys() ?? []) if (this.groups.has(id)) this.refreshLater(id);
      }),
    );
  }

  /** The biggest first. Undefined until they are known; asking for them makes them known. */
  groupsOf(sweepId: string): readonly FailureGroup[] | undefined {
    const known = this.groups.get(sweepId);
    if (known === undefined) this.refreshLater(sweepId, 0);
    return known;
  }

  dispose(): void {
    this.timer?.dispose();
    this.store.dispose();
  }

  private refreshLater(sweepId: string, delayMs = INTERVAL_MS): void {
    this.stale.add(sweepId);
    this.timer ??= this.clock.after(delayMs, () => {
      // The timer stands until the work is done, so that two looks never run at once.
      this.refresh()
        .catch(this.onError)
        .finally(() => {
          this.timer = undefined;
          const [next] = this.stale;
          if (next !== undefined && !this.store.isDisposed) this.refreshLater(next);
        });
    });
  }

  private async refresh(): Promise<void> {
    const ids = [...this.stale];
    this.stale.clear();
    // What cannot be read of one sweep says nothing of the others.
    for (const id of ids) await this.look(id).catch(this.onError);
  }

  private async look(id: string): Promise<void> {
    if (!this.facade.sweep(id)) {
      this.groups.delete(id);
      return;
    }
    const groups = await this.facade.failureGroups(id);
    const isSame = sameCauses(this.groups.get(id), groups);
    this.groups.set(id, groups);
    if (!isSame) this.changed.fire(id);
  }
}

/** That there are none is what everybody thought before. */
function sameCauses(a: readonly FailureGroup[] = [], b: readonly FailureGroup[]): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
