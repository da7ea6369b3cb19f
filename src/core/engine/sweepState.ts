import type { AttemptRecord, Placement } from '../compute/computeSource';
import type { RunOptions } from '../sweep/runOptions';
import type { JournalEvent, SourceStanding, SweepRequest } from './journalEvent';
import { ChangedResources, type ResourceChange, type SourceBinding } from './resourceChange';
import type { SweepSource } from './sweepSource';
import { fromRanges, type TaskRange } from './taskRanges';
import { finalCount, isFinal, type SweepState } from './taskState';
import { TaskTable, type EndedBy } from './taskTable';

/** What of a sweep never changes, from its manifest. */
export interface SweepPolicy extends Pick<RunOptions, 'retries' | 'lost' | 'stopAfterFailures'> {
  readonly total: number;
  /** Names of the sources at launch, in the order of preference. See {@link SweepSnapshot.sources}. */
  readonly sources: readonly string[];
}

/** What the user wants of the sweep as a whole. `stopping` is also entered by the failure limit. */
export type SweepMode = 'running' | 'paused' | 'stopping' | 'cancelling';

/** A batch that was announced and perhaps not yet accepted. */
export interface PendingBatch {
  readonly source: string;
  readonly token: string;
  readonly tasks: readonly TaskRange[];
}

/** More than the batches that lines can be missing of. */
const REPAIR_DISTANCE = 1000;

/** How often a task whose outcome is unknown is run again by itself. More often means that it kills its machine. */
const MAX_LOSSES = 3;

/**
 * Everything that is true of a sweep, as a function of its policy and the events of its journal. `apply` is
 * deterministic and does nothing but change this object, so replaying a journal, or any prefix, gives the same state.
 */
export class SweepSnapshot {
  readonly tasks: TaskTable;
  /** What reruns gave to tasks. */
  readonly resources = new ChangedResources();
  /** Sources that came to the sweep with a rerun, in that order. */
  readonly joined: SweepSource[] = [];
  mode: SweepMode = 'running';
  /** Why it stops by itself; absent when the user asked. */
  stopReason: string | undefined;
  readonly cursors = new Map<string, string>();
  /** Where sources on other machines run the sweep, by source. */
  readonly placements = new Map<string, Placement>();
  readonly pending = new Map<string, PendingBatch>();
  /** Slots that the user set during the sweep. */
  readonly slots = new Map<string, number>();
  /** Sources that are not trusted with their full share, with the reason. */
  readonly distrusted = new Map<
    string,
    { readonly standing: Exclude<SourceStanding, 'in'>; readonly reason: string }
  >();
  /** The highest number that a batch has had; tokens are numbers above it. */
  batches = 0;
  /** The number of the last event. */
  lastNumber = 0;
  /** Grows with every line of the journal that is gone or cannot be read. Add those that cannot be read. */
  damage = 0;
  /** Events are gone from the middle. A line that is torn at the end was never acted on. */
  hasGap = false;
  /** Kinds of events that only a newer version understands: the state is not all there is to know. */
  readonly newerKinds = new Set<string>();
  private repairedDamage = 0;
  /** Sources that may have been handed attempts of which no line tells any more. */
  readonly unfenced = new Set<string>();
  /** The attempts that they may have been handed, by task. Known when all sources were read; outlives further damage. */
  private hidden = new Map<number, number>();
  /** They are being taken back. */
  private isFencing = false;
  /** Of tasks with several attempts: the last one that began on each source, by source index. */
  private readonly begun = new Map<number, Map<number, number>>();
  lastNewsAt: number | undefined;
  /** When tasks that had not started were last dropped. */
  private droppedAt: number | undefined;
  /** Of the attempts that ended by themselves, by source index: how many, and how long together. */
  private readonly durations: { count: number; sumMs: number }[];
  private readonly names: string[];

  constructor(readonly policy: SweepPolicy) {
    this.tasks = new TaskTable(policy.total);
    this.names = [...policy.sources];
    this.durations = policy.sources.map(() => ({ count: 0, sumMs: 0 }));
  }

  /** Names of all sources, those of the launch first. Places in it never change: tasks name their source by them. */
  get sources(): readonly string[] {
    return this.names;
  }

  /** The sources that tasks may run on. What is not bound stays with those of the launch: others joined for what names them. */
  sourcesFor(binding: SourceBinding): readonly string[] {
    return binding ?? this.policy.sources;
  }

  /** Tasks of which an attempt began on another source than the one that has them now. */
  get moved(): readonly number[] {
    return [...this.begun.keys()].filter((task) => this.elsewhere(task).length > 0);
  }

  /** Attempts of a task that began on other sources than the one that has it now: the last on each, oldest first. */
  elsewhere(task: number): readonly { readonly source: string; readonly attempt: number }[] {
    const now = this.tasks.sourceOf(task);
    const others = [...(this.begun.get(task) ?? [])].filter(([index]) => index !== now);
    return others
      .map(([index, attempt]) => ({ source: this.sources[index] ?? '', attempt }))
      .sort((a, b) => a.attempt - b.attempt);
  }

  /** Mean duration of the attempts that ended on a source; undefined before the first. */
  meanMs(source: string): number | undefined {
    const spent = this.durations[this.sources.indexOf(source)];
    return spent && spent.count > 0 ? spent.sumMs / spent.count : undefined;
  }

  standingOf(source: string): SourceStanding {
    return this.distrusted.get(source)?.standing ?? 'in';
  }

  slotsOf(source: string, configured: number): number {
    return this.slots.get(source) ?? configured;
  }

  get state(): SweepState {
    if (!this.isOver) return this.mode;
    if (this.tasks.count('failed') + this.tasks.count('lost') > 0) return 'failed';
    return this.tasks.count('cancelled') > 0 ? 'cancelled' : 'succeeded';
  }

  /** Every task is in a final state, and no source may have an attempt of which nothing is known. */
  get isOver(): boolean {
    return finalCount(this.tasks.counts()) === this.tasks.total && this.unfenced.size === 0;
  }

  /**
   * When the sweep came to its end, in the words of the sources, however much later somebody looked. Their clocks may be
   * wrong: it is not later than the news of it. Undefined while it is not over.
   */
  get endedAt(): number | undefined {
    if (!this.isOver) return undefined;
    const told = Math.max(this.tasks.lastEnd, this.droppedAt ?? -Infinity);
    const heard = Math.max(this.lastNewsAt ?? -Infinity, this.droppedAt ?? -Infinity);
    return Number.isFinite(told) ? Math.min(told, heard) : this.lastNewsAt;
  }

  /** Lines are gone, and the sources have not been asked again since. */
  get needsRepair(): boolean {
    return this.damage > this.repairedDamage;
  }

  /** @returns the tasks whose summary changed; undefined when they are too many to name */
  apply(event: JournalEvent): readonly number[] | undefined {
    if (!this.isNews(event.n)) return [];
    switch (event.kind) {
      case 'driver':
        return [];
      case 'submitting':
        this.submitting(event);
        return undefined;
      case 'submitted':
        this.pending.delete(`${event.source}/${event.token}`);
        this.batches = Math.max(this.batches, batchNumber(event.token));
        return [];
      case 'observed':
        if (event.records.length > 0) this.lastNewsAt = event.at;
        return this.observed(event);
      case 'asked':
        return this.asked(event.request, event.at);
      case 'placed': {
        const { projectDir, tasksDir, code } = event;
        this.placements.set(event.source, { projectDir, tasksDir, ...(code && { code }) });
        return [];
      }
      case 'standing':
        if (event.standing === 'in') this.distrusted.delete(event.source);
        else this.distrusted.set(event.source, { standing: event.standing, reason: event.reason });
        return [];
      case 'extended':
        this.tasks.grow(event.total);
        if (this.mode !== 'paused') this.start();
        return undefined;
      case 'repaired':
        this.repairedDamage = event.damage;
        this.cursors.clear();
        // A batch of which no line is left has had a number too.
        this.batches += REPAIR_DISTANCE;
        this.isFencing = false;
        // A single source knows by its claims what it was handed before.
        if (this.sources.length > 1) for (const source of this.sources) this.unfenced.add(source);
        return [];
      case 'fencing':
        this.hidden = new Map([...fromRanges(event.tasks)].map(({ task, attempt }) => [task, attempt]));
        for (const [task, attempt] of this.hidden) this.tasks.setAttempt(task, attempt);
        this.isFencing = true;
        return [];
      case 'fenced':
        this.unfenced.delete(event.source);
        if (this.unfenced.size > 0) return [];
        this.hidden.clear();
        this.isFencing = false;
        return [];
      default:
        this.newerKinds.add((event as { readonly kind: string }).kind);
        return [];
    }
  }

  /** False for a line that is there twice. */
  private isNews(number: number | undefined): boolean {
    if (number === undefined) return true;
    if (number <= this.lastNumber) return false;
    const gone = number - this.lastNumber - 1;
    if (gone > 0) this.hasGap = true;
    // Twice, so that more damage is a higher number even where a block of zeros makes one unreadable line of many.
    this.damage += 2 * gone;
    this.lastNumber = number;
    return true;
  }

  /** Another attempt is wanted, or handed over: the one before is history. */
  private beginAgain(task: number): void {
    const { tasks } = this;
    if (this.sources.length > 1 && tasks.startedAt(task) !== undefined) {
      const bySource = this.begun.get(task) ?? new Map<number, number>();
      this.begun.set(task, bySource.set(tasks.sourceOf(task), tasks.attemptOf(task)));
    }
    tasks.begin(task);
  }

  private start(): void {
    this.mode = 'running';
    this.stopReason = undefined;
  }

  private submitting(batch: PendingBatch): void {
    this.batches = Math.max(this.batches, batchNumber(batch.token));
    this.pending.set(`${batch.source}/${batch.token}`, batch);
    const source = this.sources.indexOf(batch.source);
    for (const { task, attempt } of fromRanges(batch.tasks)) {
      if (this.tasks.has(task)) this.handedOver(task, attempt, source);
    }
  }

  private handedOver(task: number, attempt: number, source: number): void {
    this.hidden.delete(task);
    this.beginAgain(task);
    this.tasks.setAttempt(task, attempt);
    this.tasks.setSource(task, source);
    this.tasks.setState(task, 'queued');
  }

  /** All is known for a fence: what is hidden is the attempt after the last that any source's log tells of. */
  get needsFence(): boolean {
    const isRead = this.sources.every((source) => this.cursors.has(source));
    return isRead && this.unfenced.size > 0 && !this.isFencing;
  }

  /** The attempts that sources are to give back, if they have them: they are to start nowhere. */
  get fence(): ReadonlyMap<number, number> | undefined {
    return this.isFencing ? this.hidden : undefined;
  }

  /** The attempt of a waiting task that a source may have been handed unknown to us. */
  hiddenAttempt(task: number): number {
    // While lines were missing before nothing was handed over: what was hidden then is hidden still.
    return this.hidden.get(task) ?? this.tasks.attemptOf(task) + 1;
  }

  private observed(event: JournalEvent & { readonly kind: 'observed' }): number[] {
    const source = this.sources.indexOf(event.source);
    this.cursors.set(event.source, event.cursor);
    const changed = new Set<number>();
    for (const record of event.records) {
      this.adopt(record, source);
      if (this.isCurrent(record, source) && this.record(record)) changed.add(record.task);
    }
    return [...changed];
  }

  /** The line that told of the hand-over is gone: the source's word for it is as good. */
  private adopt({ kind, task, attempt }: AttemptRecord, source: number): void {
    if (!this.tasks.has(task)) return;
    const state = this.tasks.stateOf(task);
    // Cancelled while it seemed to wait; what it did in truth outranks that.
    const isHidden = this.hidden.get(task) === attempt && (state === 'waiting' || state === 'cancelled');
    const startedBeforeFence = isHidden && kind !== 'released';
    if (attempt > this.tasks.attemptOf(task) || startedBeforeFence) this.handedOver(task, attempt, source);
  }

  /** Records of an attempt that a later one has replaced are history; those of another source are of a fence. */
  private isCurrent({ task, attempt }: AttemptRecord, source: number): boolean {
    const { tasks } = this;
    return tasks.has(task) && tasks.attemptOf(task) === attempt && tasks.sourceOf(task) === source;
  }

  /** @returns whether the record said something new */
  private record(record: AttemptRecord): boolean {
    const { task } = record;
    const state = this.tasks.stateOf(task);
    if (record.kind === 'ended') {
      // An end record outranks every other evidence, also the proof that the process is gone.
      if (state !== 'queued' && state !== 'running' && state !== 'lost') return false;
      this.ended(task, record.exitCode, record.atMs, record.endedBy);
      return true;
    }
    if (record.kind === 'started') {
      if (state !== 'queued') return false;
      this.tasks.setStart(task, record.atMs, record.slot);
      this.tasks.setState(task, 'running');
      return true;
    }
    if (state !== 'queued' && state !== 'running') return false;
    if (record.kind === 'lost') this.lost(task, record.atMs, record.evidence);
    else this.released(task, record.atMs, record.evidence);
    return true;
  }

  private ended(task: number, exitCode: number, atMs: number, endedBy: EndedBy): void {
    this.tasks.setEnd(task, atMs, exitCode, endedBy);
    this.measure(task, atMs);
    if (exitCode === 0 && endedBy === undefined) this.tasks.setState(task, 'succeeded');
    else if (endedBy === 'cancel' || (this.tasks.isCancelAsked(task) && exitCode > 128)) {
      this.tasks.setState(task, 'cancelled');
    } else this.failed(task);
  }

  private measure(task: number, endedAtMs: number): void {
    const spent = this.durations[this.tasks.sourceOf(task)];
    const startedAtMs = this.tasks.startedAt(task);
    if (!spent || startedAtMs === undefined) return;
    spent.count++;
    spent.sumMs += Math.max(0, endedAtMs - startedAtMs);
  }

  private failed(task: number): void {
    this.tasks.addFailure(task);
    const again = this.tasks.failuresOf(task) <= this.policy.retries && !this.isEnding(task);
    this.tasks.setState(task, again ? 'waiting' : 'failed');
    if (!again) this.checkFailureLimit();
  }

  private lost(task: number, atMs: number, evidence: string): void {
    this.tasks.setEnd(task, atMs, undefined);
    this.tasks.setEvidence(task, evidence);
    this.tasks.addLoss(task);
    if (this.tasks.isCancelAsked(task)) this.tasks.setState(task, 'cancelled');
    else if (this.policy.lost === 'fail') this.tasks.setState(task, 'failed');
    else if (this.policy.lost === 'rerun' && this.tasks.lossesOf(task) < MAX_LOSSES && !this.isEnding(task)) {
      this.tasks.setState(task, 'waiting');
    } else this.tasks.setState(task, 'lost');
  }

  private released(task: number, atMs: number, evidence: string): void {
    if (this.isEnding(task)) {
      this.tasks.setEnd(task, atMs, undefined);
      this.tasks.setEvidence(task, `not started: ${evidence}`);
      this.tasks.setState(task, 'cancelled');
    } else this.tasks.setState(task, 'waiting');
  }

  /** No further attempt of this task is wanted. */
  private isEnding(task: number): boolean {
    return this.mode === 'stopping' || this.mode === 'cancelling' || this.tasks.isCancelAsked(task);
  }

  private checkFailureLimit(): void {
    const limit = this.policy.stopAfterFailures;
    if (limit === undefined || this.mode === 'stopping' || this.mode === 'cancelling') return;
    const failed = this.tasks.count('failed');
    const most = 'tasks' in limit ? limit.tasks : Math.max(1, Math.ceil(limit.share * this.tasks.total));
    if (failed < most) return;
    this.mode = 'stopping';
    this.stopReason = `Stopped: ${failed} tasks failed, the limit of this sweep (run.stop_after_failures).`;
    this.dropWaiting();
  }

  private asked(request: SweepRequest, at: number): readonly number[] | undefined {
    if (!this.isOver && (request.verb === 'stop' || request.verb === 'cancel')) this.droppedAt = at;
    switch (request.verb) {
      case 'pause':
        if (this.mode === 'running') this.mode = 'paused';
        return [];
      case 'resume':
        if (this.mode === 'paused') this.mode = 'running';
        return [];
      case 'stop':
        if (this.mode !== 'cancelling') this.mode = 'stopping';
        this.dropWaiting();
        return undefined;
      case 'cancel':
        return this.cancel(request.tasks);
      case 'rerun':
        for (const source of request.joining ?? []) this.join(source);
        return this.rerun(request.tasks, request.change);
      case 'slots':
        this.slots.set(request.source, request.slots);
        return [];
    }
  }

  private dropWaiting(): void {
    for (const task of this.tasks.inState('waiting')) this.tasks.setState(task, 'cancelled');
  }

  private cancel(tasks: readonly number[] | undefined): readonly number[] | undefined {
    if (tasks === undefined) {
      this.mode = 'cancelling';
      // Also those that wait: a source may have one of them without a line that tells so.
      for (const state of ['waiting', 'queued', 'running'] as const) {
        for (const task of this.tasks.inState(state)) this.tasks.askCancel(task);
      }
      this.dropWaiting();
      return undefined;
    }
    for (const task of tasks) {
      if (!this.tasks.has(task) || isFinal(this.tasks.stateOf(task))) continue;
      this.tasks.askCancel(task);
      if (this.tasks.stateOf(task) === 'waiting') this.tasks.setState(task, 'cancelled');
    }
    return tasks;
  }

  private join(source: SweepSource): void {
    if (this.names.includes(source.name)) return;
    // Alone it was not asked to give back what a damaged journal does not tell of; the other would be given that too.
    if (this.names.length === 1 && this.repairedDamage > 0)
      for (const alone of this.names) this.unfenced.add(alone);
    this.joined.push(source);
    this.names.push(source.name);
    this.durations.push({ count: 0, sumMs: 0 });
  }

  private rerun(tasks: readonly number[], change: ResourceChange = {}): readonly number[] {
    const again = tasks.filter((task) => this.tasks.has(task) && isFinal(this.tasks.stateOf(task)));
    this.resources.change(again, change);
    if (change.slots !== undefined && again.length > 0)
      for (const source of change.sources ?? this.sources) this.slots.set(source, change.slots);
    for (const task of again) {
      this.tasks.forgive(task);
      this.beginAgain(task);
      this.tasks.setState(task, 'waiting');
    }
    if (again.length > 0 && this.mode !== 'paused') this.start();
    return again;
  }
}

function batchNumber(token: string): number {
  const number = Number(token);
  return Number.isInteger(number) ? number : 0;
}
