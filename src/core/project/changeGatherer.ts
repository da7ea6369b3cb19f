import type { Clock } from '../base/clock';
import type { Disposable } from '../base/lifecycle';
import type { EngineChange } from '../engine/sweepEngine';

/** Sweeps with the tasks that changed; undefined: too many to name. */
export type SweepChanges = ReadonlyMap<string, EngineChange>;

/** Changes are told at most so often. */
const TELL_EVERY_MS = 100;

/** Gathers changes of sweeps, so that ten thousand short tasks are not ten thousand redraws. */
export class ChangeGatherer implements Disposable {
  private changes = new Map<string, EngineChange>();
  private timer: Disposable | undefined;
  private disposed = false;

  constructor(
    private readonly clock: Clock,
    private readonly tell: (changes: SweepChanges) => void,
  ) {}

  add(sweepId: string, tasks: EngineChange): void {
    if (this.disposed) return;
    const known = this.changes.get(sweepId);
    const tooMany = tasks === undefined || (this.changes.has(sweepId) && known === undefined);
    this.changes.set(sweepId, tooMany ? undefined : [...new Set([...(known ?? []), ...tasks])]);
    this.timer ??= this.clock.after(TELL_EVERY_MS, () => {
      this.timer = undefined;
      const { changes } = this;
      this.changes = new Map();
      this.tell(changes);
    });
  }

  dispose(): void {
    this.disposed = true;
    this.timer?.dispose();
  }
}
