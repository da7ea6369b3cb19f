import { Alarm } from '../base/alarm';
import type { Disposable } from '../base/lifecycle';
import { Mutex } from '../base/mutex';
import type { CollectedSweep } from './collectedSweep';
import { ResultCollectionError } from './resultCollectionError';

/** Logs and metrics of running tasks come so often. */
const EVERY_MS = 15_000;
/** And so many times longer than it took, so that a slow line is not always full. */
const PAUSE = 4;

/** Brings logs and metrics of one source's tasks before their directories come: they are small, and wait for none. */
export class LogCollection implements Disposable {
  private readonly abort = new AbortController();
  private readonly alarm: Alarm;
  private readonly turns = new Mutex();
  private trouble: ResultCollectionError | undefined;

  constructor(
    private readonly source: string,
    private readonly sweep: CollectedSweep,
  ) {
    this.alarm = new Alarm(sweep.clock);
  }

  /** What went wrong last; undefined when all went well. */
  get problem(): ResultCollectionError | undefined {
    return this.trouble;
  }

  /** Follows running tasks until {@link stop}. Never rejects: what goes wrong is logged and tried again. */
  async run(isOver: () => boolean): Promise<void> {
    let delayMs = EVERY_MS;
    while (!isOver()) {
      await this.alarm.wait(delayMs);
      if (isOver()) return;
      const beganAt = this.sweep.clock.elapsed();
      await this.attempt([...this.sweep.running(this.source)]);
      delayMs = Math.max(EVERY_MS, PAUSE * (this.sweep.clock.elapsed() - beganAt));
    }
  }

  /** Brings what tasks that failed have said. @returns whether it is here */
  async look(tasks: readonly number[]): Promise<boolean> {
    return tasks.length === 0 || this.turns.run(() => this.attempt(tasks));
  }

  /** Lets {@link run} look whether it is over. */
  wake(): void {
    this.alarm.wake();
  }

  dispose(): void {
    this.abort.abort();
    this.alarm.wake();
  }

  private async attempt(tasks: readonly number[]): Promise<boolean> {
    const before = this.trouble?.message;
    try {
      await this.pull(tasks);
      this.trouble = undefined;
      return true;
    } catch (error) {
      if (this.abort.signal.aborted) return false;
      this.trouble = ResultCollectionError.from(this.source, error);
      // Once, however often it is tried again.
      if (this.trouble.message !== before)
        this.sweep.log.warn(`${this.source}: logs: ${this.trouble.message}`);
      return false;
    }
  }

  private async pull(tasks: readonly number[]): Promise<void> {
    const collector = this.sweep.collectorOf(this.source);
    if (!collector || tasks.length === 0) return;
    await this.sweep.withRoom(this.source, tasks, async (free, calledOff) => {
      if (free.length === 0) return;
      const names = new Map(free.map((task) => [task, this.sweep.nameOf(task)]));
      const signal = AbortSignal.any([this.abort.signal, calledOff]);
      try {
        const { failure } = await collector.collectResults(names, signal, { whileRunning: true });
        if (failure) throw failure;
      } catch (error) {
        if (calledOff.aborted) return;
        throw error;
      }
      this.sweep.arrived(free);
    });
  }
}
