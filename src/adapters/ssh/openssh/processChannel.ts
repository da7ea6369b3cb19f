import type { ProcessEnd } from '../../host/streamHost';
import type { SshChannel } from '../sshTransport';
import type { OpenedSession } from './muxClient';

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
  const { io, stderr } = session;
  const ended = session.closed.then(async (exitCode): Promise<ProcessEnd> => {
    if (exitCode !== null && (exitCode !== SSH_FAILED || session.hasExitCode())) {
      return { kind: 'exited', exitCode };
    }
    const reason = await isLost();
    return reason === undefined ? endWithoutCode(exitCode) : { kind: 'lost', reason };
  });
  return {
    io,
    stderr,
    ended,
    close: () => {
      io.resume();
      stderr.resume();
      session.close();
    },
  };
}

function endWithoutCode(exitCode: number | null): ProcessEnd {
  if (exitCode === null) return { kind: 'lost', reason: 'it was let go of' };
  // Which signal it was ssh does not tell.
  return { kind: 'signalled', signal: 'SIGunknown' };
}
