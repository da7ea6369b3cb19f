import type { FilePiece } from '../../../src/core/compute/host';
import { HsmError } from '../../../src/core/base/errors';
import type {
  AttemptRef,
  CollectionReport,
  ComputeSource,
  HealthReport,
  Placement,
  SourceControl,
  SourceStatus,
  TaskSpec,
} from '../../../src/core/compute/computeSource';
import type { ManualClock } from '../manualClock';
import type { FarSide } from './farSide';
import type { Random } from './random';

/** What may go wrong between the engine and the far side, as probabilities for each call. */
export interface Faults {
  /** The call fails and nothing happened. */
  refused: number;
  /** The call fails and it happened: the reply was lost. */
  replyLost: number;
}

/** A source whose far side and faults are simulated. Make a new one for each engine, on the same far side. */
export class SimulatedSource implements ComputeSource {
  readonly type = 'local';
  readonly name: string;

  constructor(
    private readonly farSide: FarSide,
    readonly maxSlots: number,
    private readonly clock: ManualClock,
    private readonly random: Random,
    private readonly faults: Faults,
    /** False: the engine that holds this source is dead, and gets no answer any more. */
    private readonly alive: () => boolean,
  ) {
    this.name = farSide.name;
  }

  setup(): Promise<Placement> {
    return this.call(() => ({ projectDir: '/project', tasksDir: '/tasks' }));
  }

  submit(token: string, tasks: readonly TaskSpec[]): Promise<void> {
    return this.call(() => {
      this.farSide.accept(token, tasks);
    });
  }

  control({ slots, paused }: SourceControl): Promise<void> {
    return this.call(() => {
      this.farSide.control(slots, paused);
    });
  }

  status(cursor: string | undefined, probe: boolean): Promise<SourceStatus> {
    const before = this.farSide.log.length;
    return this.call(() => {
      if (probe) this.farSide.probe();
      const from = Number(cursor ?? 0);
      // All that there was when it was asked, and a piece of what came since, as a read that catches a log while it grows.
      const to = this.random.int(Math.max(from, before), this.farSide.log.length);
      return { cursor: String(to), records: this.farSide.log.slice(from, to), runner: this.farSide.state };
    });
  }

  cancel(attempts: readonly AttemptRef[]): Promise<void> {
    return this.call(() => {
      this.farSide.cancel(attempts);
    });
  }

  withdraw(attempts: readonly AttemptRef[]): Promise<void> {
    return this.call(() => {
      this.farSide.withdraw(attempts);
    });
  }

  readTaskFile(): Promise<FilePiece> {
    return Promise.resolve({ text: '', next: 0, end: 0 });
  }

  collectResults(tasks: ReadonlyMap<number, string>): Promise<CollectionReport> {
    return Promise.resolve({ collected: [...tasks.keys()], failed: [], bytes: 0, errors: [] });
  }

  healthCheck(): Promise<HealthReport> {
    return this.call(() => ({ state: 'healthy', problems: [], latencyMs: 1 }));
  }

  cleanup(): Promise<void> {
    return Promise.resolve();
  }

  private async call<T>(effect: () => T): Promise<T> {
    await this.delay();
    if (this.random.chance(this.faults.refused)) throw this.unreachable();
    const result = effect();
    await this.delay();
    if (this.random.chance(this.faults.replyLost)) throw this.unreachable();
    return result;
  }

  private async delay(): Promise<void> {
    await new Promise<void>((resolve) => this.clock.after(this.random.int(0, 30), resolve));
    if (!this.alive()) await new Promise<never>(() => undefined);
  }

  private unreachable(): HsmError {
    return new HsmError('source.unavailable', 'no answer', { source: this.name });
  }
}
