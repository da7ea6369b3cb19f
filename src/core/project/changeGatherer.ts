import type { Clock } from '../base/clock';
import type { Disposable } from '../base/lifecycle';
import type { EngineChange } from '../engine/sweepEngine';

/** Sweeps with the tasks that changed; undefined: too many to name. */
export type SweepChanges = ReadonlyMap<string, EngineChange>;

/** Changes are told at most so often. */
const TELL_EVERY_MS = 100;

/** Gathers changes of sweeps, so that ten thousand short tasks are not ten thousand redraws. */
export class ChangeGatherer implements Disposable {
  private changes = new Map<string, Set<number> | undefined>();
  private timer: Disposable | undefined;
  private disposed = false;

  constructor(
    private readonly clock: Clock,
    private readonly tell: (changes: SweepChanges) => void,
  ) {}

  add(sweepId: string, tasks: EngineChange): void {
    if (this.disposed) return;
    this.gather(sweepId, tasks);
    this.timer ??= this.clock.after(TELL_EVERY_MS, () => {
      this.timer = undefined;
      const { changes } = this;
      this.changes = new Map();
      this.tell(new Map([...changes].map(([id, changed]) => [id, changed && [...changed]])));
    });
  }

  dispose(): void {
    this.disposed = true;
    this.timer?.dispose();
  }

  private gather(sweepId: string, tasks: EngineChange): void {
    const isNew = !this.changes.has(sweepId);
    const known = isNew ? new Set<number>() : this.changes.get(sweepId);
    if (isNew) this.changes.set(sweepId, known);
    if (tasks === undefined) this.changes.set(sweepId, undefined);
    else for (const task of tasks) known?.add(task);
  }
}
