import type { Disposable } from '../core/base/lifecycle';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The wish of the user to leave. The first signal asks to, the second one does. */
export class Interrupts implements Disposable {
  private readonly abort = new AbortController();
  readonly signal: AbortSignal = this.abort.signal;

  constructor(private readonly leaveNow: () => void) {
    for (const signal of SIGNALS) process.on(signal, this.leave);
  }

  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.leave);
  }

  readonly leave = (): void => {
    if (this.signal.aborted) this.leaveNow();
    else this.abort.abort();
  };
}
