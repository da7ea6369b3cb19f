/** Lets one asynchronous section run at a time, in the order of the calls. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs `section` after those before it; a failed one does not stop the next. */
  async run<T>(section: () => Promise<T>): Promise<T> {
    const turn = this.last.then(section, section);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
