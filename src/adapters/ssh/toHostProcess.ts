import { Writable } from 'node:stream';
import type { HostProcess } from '../host/streamHost';
import { onAbort } from './onAbort';
import type { MarkedChannel } from './remote/markedChannel';
import type { SshSession } from './sshSession';

/** A channel as a program of a host. When the signal aborts, the program is ended. */
export function toHostProcess(session: SshSession, channel: MarkedChannel, signal: AbortSignal): HostProcess {
  const listening = onAbort(signal, () => {
    void session.end(channel);
  });
  void channel.ended.then(() => {
    listening.dispose();
  });
  return { stdin: toStdin(channel), stdout: channel.io, stderr: channel.stderr, ended: channel.ended };
}

/**
 * The input alone: it breaks when the program ends, where the channel would leave its writer waiting for ever; and when its
 * writer breaks off the program sees the end of it, as of a pipe, or it would wait for ever.
 */
function toStdin({ io, ended }: MarkedChannel): Writable {
  const stdin = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      io.write(chunk, done);
    },
    final: (done) => {
      io.end();
      done();
    },
    destroy: (error, done) => {
      io.end();
      done(error);
    },
  });
  stdin.on('error', () => undefined);
  io.on('error', (error) => {
    stdin.destroy(error);
  });
  void ended.then(() => stdin.destroy());
  return stdin;
}
