import type { FilePiece } from '../../src/core/compute/host';
import { Emitter } from '../../src/core/base/event';
import { HsmError } from '../../src/core/base/errors';
import {
  attemptKey,
  type AttemptRecord,
  type AttemptRef,
  type CollectionReport,
  type ComputeSource,
  type HealthReport,
  type Placement,
  type SourceControl,
  type SourceStatus,
  type SweepContext,
  type TaskSpec,
} from '../../src/core/compute/computeSource';

type Fate = { readonly kind: 'runs' } | { readonly kind: 'ends'; readonly exitCode: number };

export interface FakeOptions {
  readonly name?: string;
  readonly slots?: number;
  /** What becomes of an attempt once it started. Default: it runs until the test ends it. */
  readonly fate?: (task: TaskSpec) => Fate;
  readonly now?: () => number;
}

interface Handed {
  readonly spec: TaskSpec;
  state: 'queued' | 'running' | 'over';
  slot: number;
}

/**
 * What lives on the far side of a {@link FakeComputeSource}, and what a test does to it. It outlives the source:
 * `new FakeComputeSource(far)` is a restarted engine's view of it.
 */
export class FakeFarSide {
  readonly name: string;
  readonly maxSlots: number;
  /** False: every call of the source rejects with `source.unavailable`; what runs goes on. */
  reachable = true;
  /** False: nothing is started until the next `submit` or `control`, as after the death of a runner. */
  runnerLives = true;
  /** Told with every status, while set. */
  trouble: string | undefined;
  readonly log: AttemptRecord[] = [];
  readonly tokens: string[] = [];
  private readonly handed = new Map<string, Handed>();
  /** Attempts that were taken back before they were handed over. */
  private readonly fenced = new Set<string>();
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;
  private control: SourceControl;
  private ticks = 0;

  constructor(private readonly options: FakeOptions = {}) {
    this.name = options.name ?? 'fake';
    this.maxSlots = options.slots ?? 2;
    this.control = { slots: this.maxSlots, paused: false };
  }

  /** Numbers of the tasks that run now, in the order in which they started. */
  get running(): readonly number[] {
    return this.inState('running');
  }

  get queued(): readonly number[] {
    return this.inState('queued');
  }

  /** How often each attempt started: `task.attempt` → times. */
  get starts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const record of this.log.filter(({ kind }) => kind === 'started')) {
      counts.set(attemptKey(record), (counts.get(attemptKey(record)) ?? 0) + 1);
    }
    return counts;
  }

  /** Ends the running attempt of a task. */
  end(task: number, exitCode = 0, endedBy?: 'timeout' | 'cancel'): void {
    const handed = this.runningAttempt(task);
    this.finish(handed, {
      kind: 'ended',
      ...refOf(handed),
      exitCode,
      ...(endedBy && { endedBy }),
      atMs: this.now(),
    });
  }

  /** Ends every running attempt, and those that start because of it, until nothing runs. */
  endAll(exitCode = 0): void {
    for (let next = this.running[0]; next !== undefined; next = this.running[0]) this.end(next, exitCode);
  }

  /** Makes the running attempt of a task vanish without an end record. */
  lose(task: number): void {
    const handed = this.runningAttempt(task);
    this.finish(handed, {
      kind: 'lost',
      ...refOf(handed),
      evidence: 'its process is gone',
      atMs: this.now(),
    });
  }

  accept(token: string, tasks: readonly TaskSpec[]): void {
    if (!this.tokens.includes(token)) {
      this.tokens.push(token);
      for (const spec of tasks) {
        if (!this.handed.has(attemptKey(spec)) && !this.fenced.has(attemptKey(spec)))
          this.handed.set(attemptKey(spec), { spec, state: 'queued', slot: 0 });
      }
    }
    this.wake();
  }

  setControl(control: SourceControl): void {
    this.control = control;
    this.wake();
  }

  takeBack(attempts: readonly AttemptRef[]): void {
    for (const handed of this.find(attempts, 'queued')) {
      this.finish(handed, this.released(refOf(handed)));
    }
    for (const ref of attempts) {
      if (this.handed.has(attemptKey(ref)) || this.fenced.has(attemptKey(ref))) continue;
      this.fenced.add(attemptKey(ref));
      this.tell(this.released(ref));
    }
  }

  private released({ task, attempt }: AttemptRef): AttemptRecord {
    return { kind: 'released', task, attempt, evidence: 'taken back', atMs: this.now() };
  }

  cancel(attempts: readonly AttemptRef[]): void {
    this.takeBack(attempts);
    for (const handed of this.find(attempts, 'running')) this.end(handed.spec.task, 143, 'cancel');
  }

  runnerState(): SourceStatus['runner'] {
    if (this.running.length > 0) return 'running';
    if (this.queued.length === 0) return 'idle';
    return this.runnerLives && !this.control.paused ? 'running' : 'stopped';
  }

  private wake(): void {
    this.runnerLives = true;
    this.startQueued();
  }

  private startQueued(): void {
    for (const handed of [...this.handed.values()]) {
      if (!this.runnerLives || this.control.paused) return;
      if (handed.state === 'queued' && this.running.length < this.control.slots) this.start(handed);
    }
  }

  private start(handed: Handed): void {
    handed.state = 'running';
    handed.slot = this.freeSlot(handed);
    const pid = 1000 + handed.slot;
    this.tell({ kind: 'started', ...refOf(handed), slot: handed.slot, pid, atMs: this.now() });
    const fate = this.options.fate?.(handed.spec) ?? { kind: 'runs' };
    if (fate.kind === 'ends') this.end(handed.spec.task, fate.exitCode);
  }

  private freeSlot(own: Handed): number {
    const taken = [...this.handed.values()].filter((other) => other !== own && other.state === 'running');
    let slot = 1;
    while (taken.some((other) => other.slot === slot)) slot += 1;
    return slot;
  }

  private finish(handed: Handed, record: AttemptRecord): void {
    handed.state = 'over';
    this.tell(record);
    this.startQueued();
  }

  private tell(record: AttemptRecord): void {
    this.log.push(record);
    this.changed.fire();
  }

  private runningAttempt(task: number): Handed {
    const found = [...this.handed.values()].find(
      ({ spec, state }) => spec.task === task && state === 'running',
    );
    if (found === undefined)
      throw new Error(`task ${task} does not run; running: ${this.running.join(', ')}`);
    return found;
  }

  private find(attempts: readonly AttemptRef[], state: Handed['state']): Handed[] {
    return attempts.flatMap((ref) => {
      const handed = this.handed.get(attemptKey(ref));
      return handed?.state === state ? handed : [];
    });
  }

  private inState(state: Handed['state']): number[] {
    return [...this.handed.values()].filter((handed) => handed.state === state).map(({ spec }) => spec.task);
  }

  private now(): number {
    this.ticks += 1;
    return this.options.now?.() ?? this.ticks;
  }
}

/** A source in memory, whose tasks a test starts, ends and loses through its {@link FakeFarSide}. */
export class FakeComputeSource implements ComputeSource {
  readonly type = 'local';
  readonly onDidChange;
  readonly far: FakeFarSide;
  /** Names of the methods that were called, in order. */
  readonly calls: string[] = [];

  constructor(options: FakeOptions | FakeFarSide = {}) {
    this.far = options instanceof FakeFarSide ? options : new FakeFarSide(options);
    this.onDidChange = this.far.onDidChange;
  }

  get name(): string {
    return this.far.name;
  }

  get maxSlots(): number {
    return this.far.maxSlots;
  }

  async setup(context: SweepContext, signal: AbortSignal): Promise<Placement> {
    await this.reach('setup', signal);
    return { projectDir: context.projectDir, tasksDir: `${context.sweepDir}/tasks` };
  }

  async submit(token: string, tasks: readonly TaskSpec[], signal: AbortSignal): Promise<void> {
    await this.reach('submit', signal);
    this.far.accept(token, tasks);
  }

  async control(control: SourceControl, signal: AbortSignal): Promise<void> {
    await this.reach('control', signal);
    this.far.setControl(control);
  }

  async status(cursor: string | undefined, _probe: boolean, signal: AbortSignal): Promise<SourceStatus> {
    await this.reach('status', signal);
    const { trouble } = this.far;
    return {
      cursor: String(this.far.log.length),
      records: this.far.log.slice(Number(cursor ?? 0)),
      runner: this.far.runnerState(),
      ...(trouble !== undefined && { trouble }),
    };
  }

  async cancel(attempts: readonly AttemptRef[], signal: AbortSignal): Promise<void> {
    await this.reach('cancel', signal);
    this.far.cancel(attempts);
  }

  async withdraw(attempts: readonly AttemptRef[], signal: AbortSignal): Promise<void> {
    await this.reach('withdraw', signal);
    this.far.takeBack(attempts);
  }

  readTaskFile(): Promise<FilePiece> {
    // Its tasks print nothing.
    return Promise.resolve({ text: '', next: 0, end: 0 });
  }

  async collectResults(tasks: ReadonlyMap<number, string>, signal: AbortSignal): Promise<CollectionReport> {
    await this.reach('collectResults', signal);
    const started = new Set([...this.far.starts.keys()].map((key) => Number(key.split('.', 1)[0])));
    const collected = [...tasks.keys()].filter((task) => started.has(task));
    const failed = [...tasks.keys()].filter((task) => !started.has(task));
    const errors = failed.map((task) => `The directory of ${tasks.get(task) ?? ''} is gone.`);
    return { collected, failed, bytes: 0, errors };
  }

  async healthCheck(signal: AbortSignal): Promise<HealthReport> {
    await this.reach('healthCheck', signal);
    return { state: 'healthy', problems: [], latencyMs: 0 };
  }

  cleanup(): Promise<void> {
    this.calls.push('cleanup');
    return Promise.resolve();
  }

  /** Answers as late as a real source: never in the same turn. */
  private async reach(call: string, signal: AbortSignal): Promise<void> {
    this.calls.push(call);
    await Promise.resolve();
    signal.throwIfAborted();
    if (this.far.reachable) return;
    throw new HsmError('source.unavailable', `The source "${this.name}" cannot be reached.`, {
      source: this.name,
    });
  }
}

function refOf({ spec }: Handed): AttemptRef {
  return { task: spec.task, attempt: spec.attempt };
}
