/** Lets one asynchronous section run at a time, in the order of the calls. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /**
   * Runs `section` after those before it; a failed one does not stop the next.
   *
   * @param signal - while it waits for its turn, aborting rejects at once with the signal's reason, and it never runs
   */
  async run<T>(section: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    let hasBegun = false;
    const begin = async (): Promise<T> => {
      signal?.throwIfAborted();
      hasBegun = true;
      return section();
    };
    const turn = this.last.then(begin, begin);
    this.last = turn.catch(() => undefined);
    if (!signal) return turn;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        if (!hasBegun) reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      turn.then(resolve, reject).finally(() => {
        signal.removeEventListener('abort', leave);
      });
    });
  }
}
