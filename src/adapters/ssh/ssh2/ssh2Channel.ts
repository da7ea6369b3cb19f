import type { ClientChannel } from 'ssh2';
import type { ProcessEnd } from '../../host/streamHost';
import type { SshChannel } from '../sshTransport';

/** A channel of ssh2 in our terms. */
export function toSshChannel(channel: ClientChannel): SshChannel {
  let end: ProcessEnd | undefined;
  channel.on('exit', (exitCode: number | null, signal?: string) => {
    end =
      exitCode === null
        ? { kind: 'signalled', signal: `SIG${(signal ?? 'unknown').replace(/^SIG/, '')}` }
        : { kind: 'exited', exitCode };
  });
  // Of a lost connection ssh2 tells nothing but the channel's end.
  const ended = new Promise<ProcessEnd>((resolve) => {
    channel.on('close', () => {
      resolve(end ?? { kind: 'lost', reason: 'the connection was lost before the program ended' });
    });
  });
  return {
    io: channel,
    stderr: channel.stderr,
    ended,
    close: () => {
      // The far side's last words must be taken or the channel never ends.
      channel.resume();
      channel.stderr.resume();
      channel.close();
    },
  };
}
