/** Something that holds a resource until it is disposed. VS Code's disposables fit. */
export interface Disposable {
  dispose(): void;
}

/** Makes a disposable of a function. The function runs once, however often it is disposed. */
export function toDisposable(release: () => void): Disposable {
  let done = false;
  return {
    dispose() {
      if (done) return;
      done = true;
      release();
    },
  };
}

/** Owns disposables and releases them together, the last one first. */
export class DisposableStore implements Disposable {
  private items: Disposable[] | undefined = [];

  get isDisposed(): boolean {
    return this.items === undefined;
  }

  /** Adopts `item` and returns it. A store that is already disposed disposes `item` at once. */
  add<T extends Disposable>(item: T): T {
    if (this.items) this.items.push(item);
    else item.dispose();
    return item;
  }

  dispose(): void {
    const items = this.items ?? [];
    this.items = undefined;
    for (const item of items.reverse()) item.dispose();
  }
}
