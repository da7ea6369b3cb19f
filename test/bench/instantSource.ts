import type { FilePiece } from '../../src/core/compute/host';
import { Emitter } from '../../src/core/base/event';
import type {
  AttemptRecord,
  CollectionReport,
  ComputeSource,
  HealthReport,
  Placement,
  SourceStatus,
  SweepContext,
  TaskSpec,
} from '../../src/core/compute/computeSource';

/** Records told at one time: a runner's log grows by about so many between two looks. */
const RECORDS_PER_LOOK = 64;

/** A source whose tasks take no time: what is left is the engine's own work. */
export class InstantSource implements ComputeSource {
  readonly type = 'local';
  readonly maxSlots = 8;
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly log: AttemptRecord[] = [];

  constructor(readonly name: string) {}

  setup({ projectDir, sweepDir }: SweepContext): Promise<Placement> {
    return Promise.resolve({ projectDir, tasksDir: `${sweepDir}/tasks` });
  }

  submit(_token: string, tasks: readonly TaskSpec[]): Promise<void> {
    for (const { task, attempt } of tasks) {
      const atMs = Date.now();
      this.log.push({ kind: 'started', task, attempt, slot: (task % this.maxSlots) + 1, pid: 1, atMs });
      this.log.push({ kind: 'ended', task, attempt, exitCode: 0, atMs });
    }
    return Promise.resolve();
  }

  control(): Promise<void> {
    return Promise.resolve();
  }

  status(cursor: string | undefined): Promise<SourceStatus> {
    const from = Number(cursor ?? 0);
    const to = Math.min(from + RECORDS_PER_LOOK, this.log.length);
    // There is more: the next look need not wait.
    if (to < this.log.length)
      setImmediate(() => {
        this.changed.fire();
      });
    return Promise.resolve({
      cursor: String(to),
      records: this.log.slice(from, to),
      runner: to < this.log.length ? 'running' : 'idle',
    });
  }

  cancel(): Promise<void> {
    return Promise.resolve();
  }

  withdraw(): Promise<void> {
    return Promise.resolve();
  }

  readTaskFile(): Promise<FilePiece> {
    return Promise.resolve({ text: '', next: 0, end: 0 });
  }

  collectResults(tasks: ReadonlyMap<number, string>): Promise<CollectionReport> {
    return Promise.resolve({ collected: [...tasks.keys()], failed: [], bytes: 0, errors: [] });
  }

  healthCheck(): Promise<HealthReport> {
    return Promise.resolve({ state: 'healthy', problems: [], latencyMs: 0 });
  }

  cleanup(): Promise<void> {
    return Promise.resolve();
  }
}
