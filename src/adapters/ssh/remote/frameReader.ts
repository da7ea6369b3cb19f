import type { OutputSink } from '../../host/outputSink';

/** What came between the two marks of one command. */
export interface Frame {
  readonly bytes: Buffer;
  /** What stands beside the end mark; empty where nothing does. */
  readonly status: string;
}

interface Pending {
  readonly begin: Buffer;
  readonly end: Buffer;
  readonly sink: OutputSink;
  readonly resolve: (frame: Frame) => void;
  readonly reject: (reason: Error) => void;
  hasBegun: boolean;
}

/** The line that a command's output begins with. */
export function beginLine(mark: string, number: number): string {
  return `${mark} ${number} begin`;
}

/** What the line that follows a command's output begins with; its status comes after it. */
export function endLine(mark: string, number: number): string {
  return `${mark} ${number} end`;
}

/**
 * Cuts one stream of a long-lived shell into the frames of its commands. A frame is all that stands between the line
 * {@link beginLine} and {@link endLine}, which need not begin a line: output may end without a line break.
 */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);
  private pending: Pending | undefined;
  /** Something was printed between two commands: a process of an earlier one is still at it. */
  hasStrayOutput = false;

  constructor(private readonly mark: string) {}

  /** The frame of a command, which is about to be sent. One at a time. */
  read(number: number, sink: OutputSink): Promise<Frame> {
    return new Promise((resolve, reject) => {
      this.pending = {
        begin: Buffer.from(`${beginLine(this.mark, number)}\n`),
        end: Buffer.from(endLine(this.mark, number)),
        sink,
        resolve,
        reject,
        hasBegun: false,
      };
    });
  }

  push(chunk: Buffer): void {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const { pending } = this;
    if (!pending) {
      this.hasStrayOutput = true;
      this.rest = Buffer.alloc(0);
      return;
    }
    if (!pending.hasBegun && !this.skipTo(pending.begin)) return;
    pending.hasBegun = true;
    this.takeUntilEnd(pending);
  }

  /** Nothing more will come. */
  fail(reason: Error): void {
    this.pending?.reject(reason);
    this.pending = undefined;
  }

  private skipTo(begin: Buffer): boolean {
    const at = this.rest.indexOf(begin);
    if (at > 0) this.hasStrayOutput = true;
    this.rest = at < 0 ? this.rest.subarray(-begin.length) : this.rest.subarray(at + begin.length);
    return at >= 0;
  }

  private takeUntilEnd(pending: Pending): void {
    const at = this.rest.indexOf(pending.end);
    if (at < 0) {
      // The mark may be cut by the end of the chunk.
      const kept = Math.min(this.rest.length, pending.end.length);
      this.take(pending, this.rest.length - kept);
      return;
    }
    this.take(pending, at);
    const lineEnd = this.rest.indexOf('\n');
    if (lineEnd < 0) return;
    const status = this.rest.toString('utf8', pending.end.length, lineEnd).trim();
    if (lineEnd + 1 < this.rest.length) this.hasStrayOutput = true;
    this.rest = Buffer.alloc(0);
    this.pending = undefined;
    pending.resolve({ bytes: pending.sink.all(), status });
  }

  private take(pending: Pending, length: number): void {
    if (length === 0) return;
    pending.sink.take(this.rest.subarray(0, length));
    this.rest = this.rest.subarray(length);
  }
}
