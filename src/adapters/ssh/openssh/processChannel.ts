import { Duplex } from 'node:stream';
import type { ProcessEnd } from '../../host/streamHost';
import type { SshChannel } from '../sshTransport';
import type { OpenedSession, SessionProcess } from './muxClient';

/** What `ssh` ends with when it has no exit code of the far side. */
const SSH_FAILED = 255;

/**
 * A session of the system's `ssh` as a channel.
 *
 * @param isLost - finds out whether the connection is gone, and why
 */
export function toProcessChannel(
  session: OpenedSession,
  isLost: () => Promise<string | undefined>,
): SshChannel {
  const { child } = session;
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (exitCode) => {
      if (exitCode !== null && (exitCode !== SSH_FAILED || session.hasExitCode())) {
        resolve({ kind: 'exited', exitCode });
        return;
      }
      void isLost().then((reason) => {
        resolve(reason === undefined ? endWithoutCode(exitCode) : { kind: 'lost', reason });
      });
    });
  });
  return {
    io: new ProcessStream(child),
    stderr: child.stderr,
    ended,
    close: () => {
      child.stdout.resume();
      child.stderr.resume();
      // The connection's process closes the session when this one is gone.
      child.kill();
    },
  };
}

function endWithoutCode(exitCode: number | null): ProcessEnd {
  if (exitCode === null) return { kind: 'lost', reason: 'it was let go of' };
  // Which signal it was ssh does not tell.
  return { kind: 'signalled', signal: 'SIGunknown' };
}

/**
 * Input and output of a process as one stream. Input that the process does not take any more waits until its end, as
 * it would in the window of a channel.
 */
class ProcessStream extends Duplex {
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
