import { HsmError } from '../../core/base/errors';
import type { Disposable } from '../../core/base/lifecycle';
import type { StreamHost } from '../host/streamHost';
import type { TransferProgress, TransferRun } from './transfer';
import { untrustedStream } from './transferError';

export interface WatchOptions {
  readonly totalBytes: number;
  readonly totalFiles: number;
  /** Bytes of content after which the other side is not believed any more. */
  readonly maxBytes?: number;
}

/** A connection on which nothing moves for so long is given up. */
const IDLE_MS = 120_000;
const REPORT_EVERY_MS = 250;
const RATE_OVER_MS = 5000;

/**
 * Watches the bytes of one transfer: tells how far it is, and aborts it when nothing moves, when more comes than was
 * announced, or when its caller aborts it.
 */
export class TransferWatch implements Disposable {
  private readonly own = new AbortController();
  /** Aborts with the reason why the transfer must end. */
  readonly signal: AbortSignal;
  private bytes = 0;
  private readonly samples: { readonly at: number; readonly bytes: number }[] = [];
  private reportedAt = -Infinity;
  private lastMove = performance.now();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly host: StreamHost,
    private readonly options: WatchOptions,
    private readonly run: TransferRun,
    private readonly idleMs = IDLE_MS,
  ) {
    this.signal = AbortSignal.any([run.signal, this.own.signal]);
    this.samples.push({ at: performance.now(), bytes: 0 });
    this.timer = setInterval(() => {
      this.endIfIdle();
    }, idleMs / 10);
  }

  /** So many bytes crossed the connection. */
  moved(count: number): void {
    this.bytes += count;
    this.lastMove = performance.now();
    if (this.bytes > (this.options.maxBytes ?? Infinity)) {
      this.abort(untrustedStream(this.host, `sent ${this.bytes} bytes, far more than it had announced`));
    }
    if (this.lastMove - this.reportedAt >= REPORT_EVERY_MS) this.report();
  }

  abort(reason: Error): void {
    this.own.abort(reason);
  }

  /** The last report, after which there is none. */
  done(): void {
    this.report();
    this.dispose();
  }

  dispose(): void {
    clearInterval(this.timer);
  }

  private endIfIdle(): void {
    if (performance.now() - this.lastMove < this.idleMs) return;
    const text = `Nothing moved between here and ${this.host.label} for ${this.idleMs / 1000} s.`;
    this.abort(new HsmError('host.unreachable', `${text} Try again.`, { host: this.host.label }));
  }

  private report(): void {
    const now = performance.now();
    this.reportedAt = now;
    this.run.onProgress?.(this.progress(now));
    this.samples.push({ at: now, bytes: this.bytes });
    while (this.samples.length > 2 && (this.samples[1]?.at ?? now) < now - RATE_OVER_MS) this.samples.shift();
  }

  private progress(now: number): TransferProgress {
    const { totalBytes, totalFiles } = this.options;
    const [first] = this.samples;
    const seconds = first ? (now - first.at) / 1000 : 0;
    const bytesPerSecond = first && seconds > 0 ? (this.bytes - first.bytes) / seconds : 0;
    return { bytes: this.bytes, totalBytes, totalFiles, bytesPerSecond };
  }
}
