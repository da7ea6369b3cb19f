import type { ClientChannel } from 'ssh2';
import type { ProcessEnd } from '../../host/streamHost';
import type { SshChannel } from '../sshTransport';
import { widenWindow } from './receiveWindow';

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
  const closed = new Promise<void>((resolve) => {
    channel.once('close', () => {
      resolve();
    });
  });
  const heardOut = new Promise<void>((resolve) => {
    channel.stderr.once('close', () => {
      resolve();
    });
  });
  const ended = Promise.all([closed, heardOut]).then(
    () => end ?? { kind: 'lost' as const, reason: 'the connection went before the program ended' },
  );
  return {
    io: widenWindow(channel),
    stderr: channel.stderr,
    ended,
    askToKill: () => {
      channel.signal('KILL');
    },
    close: () => {
      // The far side's last words must be taken or the channel never ends.
      channel.resume();
      channel.stderr.resume();
      channel.close();
    },
  };
}
