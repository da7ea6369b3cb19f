import type * as vscode from 'vscode';

/** A `vscode.Memento` that forgets with the test. */
export class MemoryMemento implements vscode.Memento {
  private readonly values = new Map<string, unknown>();

  keys(): readonly string[] {
    return [...this.values.keys()];
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the shape is VS Code's
  get<T>(key: string): T | undefined;
  get<T>(key: string, defaultValue: T): T;
  get<T>(key: string, defaultValue?: T): T | undefined {
    // What was stored under a key is the caller's to know, as in VS Code.
    return this.values.has(key) ? (structuredClone(this.values.get(key)) as T) : defaultValue;
  }

  update(key: string, value: unknown): Thenable<void> {
    this.values.set(key, structuredClone(value));
    return Promise.resolve();
  }
}
