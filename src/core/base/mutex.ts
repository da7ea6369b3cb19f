import { unlessAborted } from './unlessAborted';

/** Lets one asynchronous section run at a time, in the order of the calls. */
export class Mutex {
  /** Settles when everybody before has left, with nothing of what they made; never rejects. */
  private last: Promise<void> = Promise.resolve();

  /**
   * Runs `section` after those before it; a failed one does not stop the next.
   *
   * @param signal - while it waits for its turn, aborting rejects at once with the signal's reason, and it never runs
   */
  async run<T>(section: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const turn = signal ? unlessAborted(this.last, signal) : this.last;
    const work = turn.then(section);
    this.last = Promise.allSettled([this.last, work]).then(() => undefined);
    return work;
  }
}
