import {
  attemptKey,
  type AttemptRecord,
  type AttemptRef,
  type TaskSpec,
} from '../../../src/core/compute/computeSource';
import type { ManualClock } from '../manualClock';
import type { Random } from './random';

/** One real execution of a task, as an omniscient observer sees it. */
export interface Execution {
  readonly source: string;
  readonly task: number;
  readonly attempt: number;
  readonly startMs: number;
  endMs?: number;
  /** How it ended; `vanished`: without a record. */
  outcome?: 'ok' | 'error' | 'cancelled' | 'vanished';
}

/** How the simulated tasks behave. */
export interface TaskNature {
  durationMs(task: number, attempt: number): number;
  fails(task: number, attempt: number): boolean;
}

interface Running {
  readonly execution: Execution;
  readonly stop: () => void;
}

/**
 * The far side of a simulated source: a queue, slots, claims and a log, which live on whatever becomes of the engine.
 * Follows the rules of the real runner: a claim is taken once, the log is appended, verdicts come from a probe.
 */
export class FarSide {
  readonly log: AttemptRecord[] = [];
  readonly tokens = new Set<string>();
  slots = 0;
  paused = false;
  runnerAlive = false;
  private readonly queue: AttemptRef[] = [];
  private readonly claims = new Set<string>();
  private readonly running = new Map<string, Running>();
  private readonly vanished: Execution[] = [];
  private readonly halfClaimed: AttemptRef[] = [];

  constructor(
    readonly name: string,
    private readonly clock: ManualClock,
    private readonly nature: TaskNature,
    private readonly ledger: Execution[],
  ) {}

  accept(token: string, tasks: readonly TaskSpec[]): void {
    if (this.tokens.has(token)) return;
    this.tokens.add(token);
    this.queue.push(...tasks.map(({ task, attempt }) => ({ task, attempt })));
    this.fill();
  }

  control(slots: number, paused: boolean): void {
    this.slots = slots;
    this.paused = paused;
    this.runnerAlive = true;
    this.fill();
  }

  withdraw(attempts: readonly AttemptRef[]): void {
    for (const attempt of attempts) this.takeBack(attempt);
  }

  cancel(attempts: readonly AttemptRef[]): void {
    for (const attempt of attempts) {
      if (this.takeBack(attempt)) continue;
      const running = this.running.get(attemptKey(attempt));
      if (running) this.end(attempt, running, 'cancelled');
    }
  }

  /** Writes a verdict on everything that vanished or was claimed and never started. */
  probe(): void {
    const atMs = this.clock.now();
    for (const { task, attempt } of this.vanished.splice(0)) {
      this.log.push({ kind: 'lost', task, attempt, evidence: 'its process is gone', atMs });
    }
    for (const { task, attempt } of this.halfClaimed.splice(0)) {
      this.log.push({ kind: 'released', task, attempt, evidence: 'its lane died before the start', atMs });
    }
  }

  get state(): 'running' | 'idle' | 'stopped' {
    const work = this.queue.some((attempt) => !this.claims.has(attemptKey(attempt)));
    if (this.running.size > 0 || (work && this.runnerAlive)) return 'running';
    return work ? 'stopped' : 'idle';
  }

  get busy(): number {
    return this.running.size;
  }

  /** The machine's killer passes by: some running tasks vanish, the runner may die, a claim may be left half-way. */
  strike(random: Random): void {
    for (const [name, running] of [...this.running]) {
      if (!random.chance(0.5)) continue;
      running.stop();
      this.running.delete(name);
      running.execution.endMs = this.clock.now();
      running.execution.outcome = 'vanished';
      this.vanished.push(running.execution);
    }
    if (random.chance(0.3)) {
      const next = this.queue.find((attempt) => !this.claims.has(attemptKey(attempt)));
      if (next) {
        this.claims.add(attemptKey(next));
        this.halfClaimed.push(next);
      }
    }
    if (random.chance(0.5)) this.runnerAlive = false;
    this.fill();
  }

  private fill(): void {
    if (!this.runnerAlive || this.paused) return;
    for (const attempt of this.queue) {
      if (this.running.size >= this.slots) return;
      if (!this.claims.has(attemptKey(attempt))) this.start(attempt);
    }
  }

  private start(attempt: AttemptRef): void {
    this.claims.add(attemptKey(attempt));
    const execution: Execution = { source: this.name, ...attempt, startMs: this.clock.now() };
    this.ledger.push(execution);
    this.log.push({ kind: 'started', ...attempt, slot: 0, pid: 1, atMs: this.clock.now() });
    const timer = this.clock.after(this.nature.durationMs(attempt.task, attempt.attempt), () => {
      const running = this.running.get(attemptKey(attempt));
      if (running)
        this.end(attempt, running, this.nature.fails(attempt.task, attempt.attempt) ? 'error' : 'ok');
    });
    this.running.set(attemptKey(attempt), {
      execution,
      stop: () => {
        timer.dispose();
      },
    });
  }

  private end(
    attempt: AttemptRef,
    { execution, stop }: Running,
    outcome: 'ok' | 'error' | 'cancelled',
  ): void {
    stop();
    this.running.delete(attemptKey(attempt));
    execution.endMs = this.clock.now();
    execution.outcome = outcome;
    const ended = { kind: 'ended', ...attempt, atMs: this.clock.now() } as const;
    if (outcome === 'cancelled') this.log.push({ ...ended, exitCode: 143, endedBy: 'cancel' });
    else this.log.push({ ...ended, exitCode: outcome === 'ok' ? 0 : 1 });
    this.fill();
  }

  private takeBack(attempt: AttemptRef): boolean {
    if (this.claims.has(attemptKey(attempt))) return false;
    this.claims.add(attemptKey(attempt));
    this.log.push({ kind: 'released', ...attempt, evidence: 'it was taken back', atMs: this.clock.now() });
    return true;
  }
}
