import { TASK_STATES, type TaskCounts, type TaskState } from './taskState';

const CODE_BY_STATE = Object.fromEntries(TASK_STATES.map((state, code) => [state, code])) as Record<
  TaskState,
  number
>;

/** How the last attempt ended, beside its exit code. */
const ENDINGS = [undefined, 'timeout', 'cancel'] as const;
export type EndedBy = (typeof ENDINGS)[number];

/** The column of sources has a byte for each task. */
const MAX_SOURCES = 256;

/**
 * The tasks of one sweep in columns: about 25 bytes a task, so that a million tasks are no problem. Tasks are named
 * by their number, from 1. What only few tasks have (words of evidence) lies in a map beside it.
 */
export class TaskTable {
  private state: Uint8Array;
  private attempts: Uint16Array;
  private failures: Uint8Array;
  private losses: Uint8Array;
  private sources: Uint8Array;
  private exits: Int16Array;
  private endings: Uint8Array;
  private cancels: Uint8Array;
  private slots: Uint16Array;
  private starts: Float64Array;
  private ends: Float64Array;
  private readonly evidence = new Map<number, string>();
  private readonly tally = new Uint32Array(TASK_STATES.length);
  /** Tasks by state and source, kept up with every change: a decision asks for them, and there are many decisions. */
  private readonly held = new Uint32Array(TASK_STATES.length * MAX_SOURCES);
  private size: number;
  private cancelTally = 0;

  constructor(total: number) {
    this.size = total;
    this.state = new Uint8Array(total);
    this.attempts = new Uint16Array(total);
    this.failures = new Uint8Array(total);
    this.losses = new Uint8Array(total);
    this.sources = new Uint8Array(total);
    this.exits = new Int16Array(total);
    this.endings = new Uint8Array(total);
    this.cancels = new Uint8Array(total);
    this.slots = new Uint16Array(total);
    this.starts = new Float64Array(total);
    this.ends = new Float64Array(total);
    this.tally[0] = total;
    this.held[0] = total;
  }

  get total(): number {
    return this.size;
  }

  /** Adds waiting tasks at the end. */
  grow(total: number): void {
    if (total <= this.size) return;
    const larger = <T extends Uint8Array | Uint16Array | Int16Array | Float64Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.state = larger(this.state, new Uint8Array(total));
    this.attempts = larger(this.attempts, new Uint16Array(total));
    this.failures = larger(this.failures, new Uint8Array(total));
    this.losses = larger(this.losses, new Uint8Array(total));
    this.sources = larger(this.sources, new Uint8Array(total));
    this.exits = larger(this.exits, new Int16Array(total));
    this.endings = larger(this.endings, new Uint8Array(total));
    this.cancels = larger(this.cancels, new Uint8Array(total));
    this.slots = larger(this.slots, new Uint16Array(total));
    this.starts = larger(this.starts, new Float64Array(total));
    this.ends = larger(this.ends, new Float64Array(total));
    this.tally[0] = (this.tally[0] ?? 0) + total - this.size;
    this.held[0] = (this.held[0] ?? 0) + total - this.size;
    this.size = total;
  }

  has(task: number): boolean {
    return Number.isInteger(task) && task >= 1 && task <= this.size;
  }

  counts(): TaskCounts {
    return Object.fromEntries(TASK_STATES.map((state, code) => [state, this.tally[code] ?? 0])) as TaskCounts;
  }

  count(state: TaskState): number {
    return this.tally[CODE_BY_STATE[state]] ?? 0;
  }

  stateOf(task: number): TaskState {
    return TASK_STATES[this.state[task - 1] ?? 0] ?? 'waiting';
  }

  setState(task: number, state: TaskState): void {
    const old = this.state[task - 1] ?? 0;
    const code = CODE_BY_STATE[state];
    this.tally[old] = (this.tally[old] ?? 0) - 1;
    this.tally[code] = (this.tally[code] ?? 0) + 1;
    const source = this.sources[task - 1] ?? 0;
    this.hold(old, source, -1);
    this.hold(code, source, 1);
    this.state[task - 1] = code;
  }

  /** The current attempt, from 1; 0 before the first. */
  attemptOf(task: number): number {
    return this.attempts[task - 1] ?? 0;
  }

  setAttempt(task: number, attempt: number): void {
    this.attempts[task - 1] = attempt;
  }

  /** Attempts that failed since the task was last (re)run by the user. */
  failuresOf(task: number): number {
    return this.failures[task - 1] ?? 0;
  }

  addFailure(task: number): void {
    this.failures[task - 1] = Math.min(255, this.failuresOf(task) + 1);
  }

  /** Attempts whose outcome is unknown since the task was last (re)run by the user. */
  lossesOf(task: number): number {
    return this.losses[task - 1] ?? 0;
  }

  addLoss(task: number): void {
    this.losses[task - 1] = Math.min(255, this.lossesOf(task) + 1);
  }

  /** Forgets failures, losses and a wish to cancel: the user wants the task run again. */
  forgive(task: number): void {
    this.failures[task - 1] = 0;
    this.losses[task - 1] = 0;
    if (this.isCancelAsked(task)) this.cancelTally--;
    this.cancels[task - 1] = 0;
  }

  /** Index of the source in the sweep's list; -1 while it has none. */
  sourceOf(task: number): number {
    return (this.sources[task - 1] ?? 0) - 1;
  }

  setSource(task: number, source: number): void {
    const state = this.state[task - 1] ?? 0;
    this.hold(state, this.sources[task - 1] ?? 0, -1);
    this.sources[task - 1] = source + 1;
    this.hold(state, this.sources[task - 1] ?? 0, 1);
  }

  exitCodeOf(task: number): number | undefined {
    return (this.ends[task - 1] ?? 0) > 0 && (this.exits[task - 1] ?? -1) >= 0
      ? this.exits[task - 1]
      : undefined;
  }

  endedByOf(task: number): EndedBy {
    return ENDINGS[this.endings[task - 1] ?? 0];
  }

  startedAt(task: number): number | undefined {
    return this.starts[task - 1] === 0 ? undefined : this.starts[task - 1];
  }

  endedAt(task: number): number | undefined {
    return this.ends[task - 1] === 0 ? undefined : this.ends[task - 1];
  }

  /** The latest end of a task's last attempt; -Infinity when none ended. */
  get lastEnd(): number {
    let last = -Infinity;
    for (const end of this.ends) if (end !== 0 && end > last) last = end;
    return last;
  }

  /** Forgets times and exit of an earlier attempt. */
  begin(task: number): void {
    this.starts[task - 1] = 0;
    this.ends[task - 1] = 0;
    this.exits[task - 1] = -1;
    this.endings[task - 1] = 0;
    this.evidence.delete(task);
  }

  /** The slot of its source that the current attempt started in, from 1; meaningless before its start. */
  slotOf(task: number): number {
    return this.slots[task - 1] ?? 0;
  }

  setStart(task: number, atMs: number, slot: number): void {
    this.slots[task - 1] = slot;
    this.starts[task - 1] = atMs;
  }

  setEnd(task: number, atMs: number, exitCode: number | undefined, endedBy?: EndedBy): void {
    this.ends[task - 1] = atMs;
    this.exits[task - 1] = exitCode ?? -1;
    this.endings[task - 1] = ENDINGS.indexOf(endedBy);
  }

  isCancelAsked(task: number): boolean {
    return this.cancels[task - 1] === 1;
  }

  askCancel(task: number): void {
    if (!this.isCancelAsked(task)) this.cancelTally++;
    this.cancels[task - 1] = 1;
  }

  /** Tasks that were ever asked to end, also those that have ended. */
  get cancelsAsked(): number {
    return this.cancelTally;
  }

  /** How many tasks each of the first `sources` sources holds, without listing them. */
  loads(sources: number): { queued: number; running: number }[] {
    return Array.from({ length: sources }, (_, source) => ({
      queued: this.held[CODE_BY_STATE.queued * MAX_SOURCES + source + 1] ?? 0,
      running: this.held[CODE_BY_STATE.running * MAX_SOURCES + source + 1] ?? 0,
    }));
  }

  /** Words for a state that has no exit code. */
  evidenceOf(task: number): string | undefined {
    return this.evidence.get(task);
  }

  setEvidence(task: number, words: string): void {
    this.evidence.set(task, words);
  }

  /** Numbers of the tasks in a state, in order. */
  *inState(state: TaskState): Generator<number> {
    const code = CODE_BY_STATE[state];
    let left = this.count(state);
    for (
      let index = this.state.indexOf(code);
      index >= 0 && left > 0;
      index = this.state.indexOf(code, index + 1)
    ) {
      left--;
      yield index + 1;
    }
  }

  private hold(state: number, source: number, change: 1 | -1): void {
    const place = state * MAX_SOURCES + source;
    this.held[place] = (this.held[place] ?? 0) + change;
  }
}
