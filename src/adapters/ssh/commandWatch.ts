import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/lifecycle';
import { systemClock } from '../clock/systemClock';
import { LimitedSink, MAX_STDERR_BYTES, TailSink, type OutputSink } from '../host/outputSink';
import { printedTooMuch, tookTooLong, type CommandLimits } from './hostErrors';

/** Takes a command's output and calls it off when it goes beyond its limits. Dispose it when the command has ended. */
export class CommandWatch implements Disposable {
  readonly stdout: OutputSink;
  readonly stderr: OutputSink = new TailSink(MAX_STDERR_BYTES);
  private readonly abort = new AbortController();
  /** Aborts with the HsmError that says which limit it was. */
  readonly signal = this.abort.signal;
  private timer: Disposable;

  constructor(
    private readonly host: string,
    private readonly limits: CommandLimits,
    private readonly clock: Clock = systemClock,
  ) {
    this.timer = this.startTimer();
    const output = new LimitedSink(limits.maxOutputBytes, () => {
      this.abort.abort(printedTooMuch(host, limits));
    });
    this.stdout = {
      take: (bytes) => {
        this.progress();
        output.take(bytes);
      },
      all: () => output.all(),
    };
  }

  /** Bytes went over, in either direction. */
  progress(): void {
    if (this.limits.timeCounts !== 'since-progress') return;
    this.timer.dispose();
    this.timer = this.startTimer();
  }

  dispose(): void {
    this.timer.dispose();
  }

  private startTimer(): Disposable {
    return this.clock.after(this.limits.timeoutMs, () => {
      this.abort.abort(tookTooLong(this.host, this.limits));
    });
  }
}
