import { statSync, watch, type FSWatcher } from 'node:fs';
import type { Disposable } from '../../core/base/lifecycle';

/** Milliseconds from the first change to the call, so that a thousand appends a second make ten calls. */
const GATHER_MS = 100;

/** Calls back when a file has grown or changed, soon after, and at most ten times a second. */
export class FileWatch implements Disposable {
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;
  private size: number;

  constructor(
    private readonly path: string,
    private readonly onChange: () => void,
  ) {
    this.size = this.currentSize();
    this.start();
  }

  dispose(): void {
    this.stop();
    clearTimeout(this.timer);
  }

  private start(): void {
    try {
      this.watcher = watch(this.path, { persistent: false }, () => {
        this.gather();
      });
      this.watcher.on('error', () => {
        this.poll();
      });
    } catch {
      // No watching on this file system, or no watches left.
      this.poll();
    }
  }

  /** Not watching while gathering: each event of a busy log would cost more than the call that it leads to. */
  private gather(): void {
    this.stop();
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.size = this.currentSize();
      this.onChange();
      this.start();
      if (this.currentSize() !== this.size) this.gather();
    }, GATHER_MS).unref();
  }

  private poll(): void {
    this.stop();
    this.timer ??= setInterval(() => {
      const size = this.currentSize();
      if (size === this.size) return;
      this.size = size;
      this.onChange();
    }, 1000).unref();
  }

  private stop(): void {
    this.watcher?.close();
    this.watcher = undefined;
  }

  private currentSize(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }
}
