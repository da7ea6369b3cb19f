import type { ChildProcess } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';

/** A started `ssh` with a session. */
export interface SessionProcess extends ChildProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/**
 * Input and output of a process as one stream. Input that the process does not take any more waits until its end, as
 * it would in the window of a channel.
 */
export class ProcessStream extends Duplex {
  constructor(private readonly child: SessionProcess) {
    super({ allowHalfOpen: true });
    // Shows as the end of the process.
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) child.stdout.pause();
    });
    child.stdout.on('end', () => this.push(null));
    child.stdout.pause();
    child.once('close', () => {
      // Not before the last output was taken.
      if (this.readableEnded) this.destroy();
      else this.once('end', () => this.destroy());
    });
  }

  override _read(): void {
    this.child.stdout.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.child.stdin.write(bytes, (error) => {
      if (!error) done();
    });
  }

  override _final(done: () => void): void {
    this.child.stdin.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill();
    done(error);
  }
}
