import type { AttemptRecord, AttemptRef } from '../../src/core/compute/computeSource';

/** A host of a simulated schedule. */
export interface SimulatedHost {
  readonly name: string;
  readonly slots: number;
  /** Work done per second by one slot: 2 halves every duration. */
  readonly speed: number;
}

/** Something that happens at a time. */
interface Timed<T> {
  readonly atMs: number;
  readonly what: T;
}

/** A queue by time: a binary heap. */
export class Agenda<T> {
  private readonly heap: Timed<T>[] = [];

  add(atMs: number, what: T): void {
    const entry = { atMs, what };
    let place = this.heap.push(entry) - 1;
    for (let up = (place - 1) >> 1; place > 0 && this.at(up) > atMs; up = (place - 1) >> 1) {
      this.swap(place, up);
      place = up;
    }
  }

  next(): Timed<T> | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (!last || !first || this.heap.length === 0) return first;
    this.heap[0] = last;
    for (let place = 0; ;) {
      const left = 2 * place + 1;
      const lower = this.at(left + 1) < this.at(left) ? left + 1 : left;
      if (this.at(lower) >= last.atMs) return first;
      this.swap(place, lower);
      place = lower;
    }
  }

  private at(place: number): number {
    return this.heap[place]?.atMs ?? Infinity;
  }

  private swap(a: number, b: number): void {
    const [first, second] = [this.heap[a], this.heap[b]];
    if (!first || !second) return;
    this.heap[a] = second;
    this.heap[b] = first;
  }
}

/** What a simulated host holds: a queue that is worked off in order, and news of it. */
export class SimulatedQueue {
  private waiting: AttemptRef[] = [];
  private free: number;
  private news: AttemptRecord[] = [];

  constructor(
    readonly host: SimulatedHost,
    /** Of each task, at speed 1. */
    private readonly workMs: Float64Array,
    private readonly onStart: (endAtMs: number, attempt: AttemptRef) => void,
  ) {
    this.free = host.slots;
  }

  accept(attempts: readonly AttemptRef[], atMs: number): void {
    for (const attempt of attempts) this.waiting.push(attempt);
    this.fill(atMs);
  }

  withdraw(attempts: readonly AttemptRef[], atMs: number): void {
    const wanted = new Set(attempts.map(({ task }) => task));
    const taken = this.waiting.filter(({ task }) => wanted.has(task));
    this.waiting = this.waiting.filter(({ task }) => !wanted.has(task));
    for (const attempt of taken)
      this.news.push({ kind: 'released', ...attempt, evidence: 'taken back', atMs });
  }

  end(attempt: AttemptRef, atMs: number): void {
    this.news.push({ kind: 'ended', ...attempt, exitCode: 0, atMs });
    this.free += 1;
    this.fill(atMs);
  }

  /** What happened since the last look. */
  look(): readonly AttemptRecord[] {
    const { news } = this;
    this.news = [];
    return news;
  }

  private fill(atMs: number): void {
    const starting = this.waiting.splice(0, Math.min(this.free, this.waiting.length));
    for (const attempt of starting) {
      this.free -= 1;
      this.news.push({ kind: 'started', ...attempt, slot: 1, pid: 1, atMs });
      this.onStart(atMs + (this.workMs[attempt.task - 1] ?? 0) / this.host.speed, attempt);
    }
  }
}
