import { Alarm } from '../base/alarm';
import type { Clock } from '../base/clock';
import { errorText, HsmError } from '../base/errors';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import {
  attemptKey,
  type AttemptRecord,
  type AttemptRef,
  type ComputeSource,
  type HealthReport,
  type Placement,
  type SourceControl,
  type SourceStatus,
  type SweepContext,
  type TaskSpec,
} from '../compute/computeSource';
import type { Effect, SourceSituation } from './decide';
import type { JournalEvent, SourceStanding } from './journalEvent';
import { slotWaitText } from './slotWaitText';
import { fromRanges, toRanges } from './taskRanges';
import type { SweepSnapshot } from './sweepState';

/** What a worker needs of the engine. */
export interface WorkerEngine {
  readonly snapshot: SweepSnapshot;
  readonly clock: Clock;
  readonly log: Logger;
  /** Journals, then applies. */
  commit(events: readonly JournalEvent[], durable: boolean): Promise<void>;
  /** What a damaged journal lost, the sources may still know: they are then read from the beginning. */
  repair(): Promise<void>;
  /** Decides what this source should do now, and journals the hand-overs among it. */
  plan(source: string): Promise<readonly PlannedEffect[]>;
  specs(tasks: readonly AttemptRef[], source: string, placement: Placement): Promise<TaskSpec[]>;
  /** Weighs what attempts came to against the source that ran them. Waits for no evidence: the verdict comes later. */
  weigh(source: string, records: readonly AttemptRecord[]): Promise<void>;
  /** Gives a source another standing. */
  judge(source: string, standing: SourceStanding, reason: string): Promise<void>;
  /** Notes changed: the summary is to be shown again. */
  noted(): void;
}

/** An effect whose intent is in the journal. */
export type PlannedEffect =
  | Exclude<Effect, { kind: 'submit' }>
  | {
      readonly kind: 'submit';
      readonly source: string;
      readonly token: string;
      readonly tasks: readonly AttemptRef[];
    };

const QUICK_POLL_MS = 100;
const SLOW_POLL_MS = 2_000;
const FIRST_PROBE_MS = 2_000;
const SLOW_PROBE_MS = 30_000;
const FIRST_RETRY_MS = 500;
const SLOW_RETRY_MS = 30_000;

const HEALTH_CHECK_MS = 30_000;

/** Consecutive failures (of calls: until it answers again; of health checks) after which a source gets no new tasks. */
const UNHEALTHY_AFTER = 3;

/**
 * Carries out what is decided for one source and brings its news: one worker for each source, so that a slow host
 * never delays another. One call to the source at a time.
 */
export class SourceWorker implements Disposable {
  private readonly store = new DisposableStore();
  private readonly abort = new AbortController();
  private readonly alarm: Alarm;
  private readonly asked = new Set<string>();
  private control: SourceControl | undefined;
  private runner: SourceStatus['runner'] | undefined;
  private placement: Placement | undefined;
  private failures = 0;
  private pollMs = QUICK_POLL_MS;
  private probeMs = FIRST_PROBE_MS;
  private probedAt = -Infinity;
  private waitedMs = 0;
  private trouble: string | undefined;
  private wait: string | undefined;
  private blocked = false;
  private mustProbe = true;
  private failedChecks = 0;
  private checkAt: number;
  private waiters: { resolve: () => void; reject: (reason: unknown) => void }[] = [];

  constructor(
    private readonly source: ComputeSource,
    private readonly context: SweepContext,
    private readonly engine: WorkerEngine,
  ) {
    this.alarm = new Alarm(engine.clock);
    // The first check was the one before the start.
    this.checkAt = engine.clock.elapsed() + HEALTH_CHECK_MS;
    this.store.add({
      dispose: () => {
        this.abort.abort();
        this.alarm.wake();
        for (const { resolve } of this.waiters.splice(0)) resolve();
      },
    });
    if (source.onDidChange)
      this.store.add(
        source.onDidChange(() => {
          this.alarm.wake();
        }),
      );
  }

  get name(): string {
    return this.source.name;
  }

  /** The source once it is set up: it can then be asked for anything. */
  get ready(): { source: ComputeSource; placement: Placement } | undefined {
    return this.placement && { source: this.source, placement: this.placement };
  }

  /** A condition to show; undefined when all is well. */
  get note(): string | undefined {
    return this.trouble;
  }

  /** Which of its slots others use, as a sentence. Nothing is wrong then: they come round. */
  get slotWait(): string | undefined {
    return this.wait;
  }

  /** It was told to start, and the user must change something before it can. */
  get isBlocked(): boolean {
    // What is said before that is of an earlier try.
    return this.blocked && this.control !== undefined;
  }

  situation(): SourceSituation {
    const meanMs = this.engine.snapshot.meanMs(this.name);
    return {
      name: this.name,
      slots: this.source.maxSlots,
      healthy: this.failures < UNHEALTHY_AFTER,
      asked: this.asked,
      ...(meanMs === undefined ? {} : { meanMs }),
      ...(this.control ? { control: this.control } : {}),
      ...(this.runner ? { runner: this.runner } : {}),
    };
  }

  /** Something changed that may concern this source. */
  wake(): void {
    this.alarm.wake();
  }

  /** Resolves when everything that is decided now was carried out. @throws what the source throws */
  async settled(): Promise<void> {
    if (this.isDisposed()) return;
    await new Promise<void>((resolve, reject) => {
      this.waiters.push({ resolve, reject });
      this.alarm.wake();
    });
  }

  /** Prepares the source. @throws what the source throws */
  async setup(): Promise<void> {
    if (this.placement) return;
    const placement = await this.source.setup(this.context, this.abort.signal);
    const known = this.engine.snapshot.placements.get(this.name);
    // On this machine everything is where it always is.
    if (placement.code && JSON.stringify(known) !== JSON.stringify(placement)) {
      const { projectDir, tasksDir, code } = placement;
      const at = this.engine.clock.now();
      await this.engine.commit([{ kind: 'placed', at, source: this.name, projectDir, tasksDir, code }], true);
    }
    this.placement = placement;
  }

  /** One look at the source, with proof of every attempt; nothing is asked of it. @throws what the source throws */
  async observe(): Promise<void> {
    const { signal } = this.abort;
    // To look is no reason to bring anything there.
    if (this.source.attach && !(await this.source.attach(this.context, signal))) return;
    await this.setup();
    this.mustProbe = true;
    await this.look();
  }

  /** Works until disposed. Never rejects: what goes wrong is shown, logged and tried again. */
  async run(): Promise<void> {
    while (!this.isDisposed()) {
      const waiters = this.waiters.splice(0);
      try {
        await this.setup();
        const news = await this.look();
        // What the user asked for does not wait for a check, which may take long where something is wrong.
        const acted = await this.act();
        await this.checkHealth();
        this.recovered();
        this.pace(news || acted);
        for (const { resolve } of waiters) resolve();
      } catch (error) {
        for (const { reject } of waiters) reject(error);
        if (this.isDisposed()) return;
        this.failed(error);
      }
      await this.rest();
    }
  }

  dispose(): void {
    this.store.dispose();
  }

  private isDisposed(): boolean {
    return this.abort.signal.aborted;
  }

  /** @returns whether there was news */
  private async look(): Promise<boolean> {
    await this.engine.repair();
    const cursor = this.engine.snapshot.cursors.get(this.name);
    const probe = this.mustProbe || this.engine.clock.elapsed() - this.probedAt >= this.probeMs;
    const status = await this.source.status(cursor, probe, this.abort.signal);
    if (probe) {
      this.probedAt = this.engine.clock.elapsed();
      this.probeMs = Math.min(this.probeMs * 1.5, SLOW_PROBE_MS);
      this.mustProbe = false;
    }
    this.runner = status.runner;
    this.blocked = status.isBlocked === true;
    this.say(status.trouble, status.waiting && slotWaitText(this.name, status.waiting));
    if (status.cursor === cursor && status.records.length === 0) return false;
    const { records } = status;
    await this.engine.commit(
      [{ kind: 'observed', at: this.engine.clock.now(), source: this.name, cursor: status.cursor, records }],
      false,
    );
    for (const record of records) {
      if (record.kind !== 'started') this.asked.delete(attemptKey(record));
    }
    if (records.length > 0) this.probeMs = FIRST_PROBE_MS;
    await this.engine.weigh(this.name, records);
    return records.length > 0;
  }

  /** Three failed checks in a row take a source out; one that passes gives it a task to prove itself. */
  private async checkHealth(): Promise<void> {
    if (this.engine.clock.elapsed() < this.checkAt) return;
    const { state, problems } = await this.health().finally(() => {
      this.checkAt = this.engine.clock.elapsed() + HEALTH_CHECK_MS;
    });
    const standing = this.engine.snapshot.standingOf(this.name);
    this.failedChecks = state === 'unhealthy' ? this.failedChecks + 1 : 0;
    if (this.failedChecks >= UNHEALTHY_AFTER && standing !== 'out') {
      await this.engine.judge(this.name, 'out', problems.join(' '));
    } else if (state !== 'unhealthy' && standing === 'out') {
      await this.engine.judge(
        this.name,
        'trial',
        'It passed a health check and gets one task to prove itself.',
      );
    }
  }

  /** A check that comes to no end is a failed one. @throws what says that the source cannot be seen now */
  private async health(): Promise<Pick<HealthReport, 'state' | 'problems'>> {
    try {
      return await this.source.healthCheck(this.abort.signal);
    } catch (error) {
      if (this.isDisposed() || isOutOfSight(error)) throw error;
      this.engine.log.warn(`${this.name}: its health check failed: ${errorText(error)}`);
      return { state: 'unhealthy', problems: [`Its health check failed: ${errorText(error)}`] };
    }
  }

  /** @returns whether there was something to do */
  private async act(): Promise<boolean> {
    let acted = false;
    for (;;) {
      const effects = await this.engine.plan(this.name);
      if (effects.length === 0) return acted;
      acted = true;
      for (const effect of effects) await this.carryOut(effect);
    }
  }

  private async carryOut(effect: PlannedEffect): Promise<void> {
    const { signal } = this.abort;
    switch (effect.kind) {
      case 'submit':
        return this.submit(effect.token, effect.tasks);
      case 'resubmit': {
        const batch = this.engine.snapshot.pending.get(`${this.name}/${effect.token}`);
        return batch ? this.submit(batch.token, [...fromRanges(batch.tasks)]) : undefined;
      }
      case 'control':
        // When only the answer is lost, the source goes by what is not known to have been told.
        this.control = undefined;
        await this.source.control(effect.control, signal);
        this.control = effect.control;
        this.runner = undefined;
        this.blocked = false;
        return;
      case 'fence':
        if (effect.tasks.length > 0) await this.source.withdraw(effect.tasks, signal);
        // What was taken back, or has started meanwhile, is news before anything is handed over.
        await this.look();
        await this.engine.commit([{ kind: 'fenced', at: this.engine.clock.now(), source: this.name }], true);
        return;
      case 'cancel':
      case 'withdraw':
        this.engine.log.debug(`${this.name}: ${effect.kind} ${effect.tasks.length} attempts`);
        await this.source[effect.kind](effect.tasks, signal);
        for (const task of effect.tasks) this.asked.add(attemptKey(task));
        this.mustProbe = true;
        this.alarm.wake();
    }
  }

  private async submit(token: string, tasks: readonly AttemptRef[]): Promise<void> {
    if (!this.placement) return;
    this.engine.log.debug(`${this.name}: batch ${token}, ${tasks.length} tasks`);
    const specs = await this.engine.specs(tasks, this.name, this.placement);
    await this.source.submit(token, specs, this.abort.signal);
    await this.engine.commit(
      [{ kind: 'submitted', at: this.engine.clock.now(), source: this.name, token }],
      false,
    );
  }

  private recovered(): void {
    if (this.failures >= UNHEALTHY_AFTER) this.engine.log.info(`${this.name} answers again`);
    this.failures = 0;
  }

  private failed(error: unknown): void {
    this.failures++;
    this.runner = undefined;
    this.mustProbe = true;
    this.engine.log.warn(`${this.name}: ${errorText(error)}`);
    this.say(`${this.name}: ${errorText(error)}`);
    this.waitedMs = Math.min(FIRST_RETRY_MS * 2 ** Math.min(this.failures - 1, 10), SLOW_RETRY_MS);
  }

  private pace(busy: boolean): void {
    this.pollMs = busy ? QUICK_POLL_MS : Math.min(this.pollMs * 1.5, SLOW_POLL_MS);
    this.waitedMs = this.pollMs;
  }

  private async rest(): Promise<void> {
    if (this.isDisposed()) return;
    if (await this.alarm.wait(this.waitedMs)) this.pollMs = QUICK_POLL_MS;
  }

  private say(trouble: string | undefined, wait?: string): void {
    if (trouble === this.trouble && wait === this.wait) return;
    this.trouble = trouble;
    this.wait = wait;
    this.engine.noted();
  }
}

function isOutOfSight(error: unknown): boolean {
  return HsmError.is(error, 'host.unreachable') || HsmError.is(error, 'host.refused');
}

/** The journal's form of a hand-over. */
export function submittingEvent(
  source: string,
  token: string,
  tasks: readonly AttemptRef[],
  at: number,
): JournalEvent {
  return { kind: 'submitting', at, source, token, tasks: toRanges(tasks) };
}
