/** Takes the output of a command, piece by piece. */
export interface OutputSink {
  take(bytes: Buffer): void;
  /** What was kept. */
  all(): Buffer;
}

/** What is kept of what a command says on its standard error. */
export const MAX_STDERR_BYTES = 1024 * 1024;

/** Keeps everything up to a limit; beyond it the command is told to be too much, once. */
export class LimitedSink implements OutputSink {
  private readonly chunks: Buffer[] = [];
  private length = 0;

  constructor(
    private readonly limit: number,
    private readonly tooMuch: () => void,
  ) {}

  take(bytes: Buffer): void {
    const before = this.length;
    this.length += bytes.length;
    if (this.length <= this.limit) this.chunks.push(bytes);
    else if (before <= this.limit) this.tooMuch();
  }

  all(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

/** Keeps the end: of many messages the last ones say why it stopped. */
export class TailSink implements OutputSink {
  private chunks: Buffer[] = [];
  private length = 0;

  constructor(private readonly limit: number) {}

  take(bytes: Buffer): void {
    this.chunks.push(bytes);
    this.length += bytes.length;
    if (this.length > 2 * this.limit) this.trim();
  }

  all(): Buffer {
    this.trim();
    return Buffer.concat(this.chunks);
  }

  private trim(): void {
    const all = Buffer.concat(this.chunks);
    // A copy, so that what is dropped can be freed.
    this.chunks = [Buffer.from(all.subarray(Math.max(0, all.length - this.limit)))];
    this.length = Math.min(all.length, this.limit);
  }
}
