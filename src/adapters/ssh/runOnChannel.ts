import { Readable } from 'node:stream';
import { CommandWatch } from './commandWatch';
import { connectionLost, type CommandLimits } from './hostErrors';
import { untilAborted } from './onAbort';
import type { SshSession } from './sshSession';

/** So much is handed to the channel at once; the next piece says that it went over. */
const PIECE_BYTES = 64 * 1024;

/** How a program on a channel of its own came out. */
export interface ChannelOutcome {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly status: number | 'signalled';
}

/**
 * Runs a program with a channel of its own, for input that is long.
 *
 * @throws HsmError as {@link SshSession.start}, and `command.failed` when it took too long or printed too much
 */
export async function runOnChannel(
  session: SshSession,
  argv: readonly string[],
  stdin: Buffer,
  limits: CommandLimits,
  signal: AbortSignal,
): Promise<ChannelOutcome> {
  const channel = await session.start(argv, signal);
  const watch = new CommandWatch(session.host, limits);
  channel.io.on('data', (chunk: Buffer) => {
    watch.stdout.take(chunk);
  });
  channel.stderr.on('data', (chunk: Buffer) => {
    watch.stderr.take(chunk);
  });
  // It may end without reading its input; how it ended says whether that is well.
  channel.io.on('error', () => undefined);
  Readable.from(inPieces(stdin, watch), { objectMode: false }).pipe(channel.io);
  const end = await untilAborted(channel.ended, AbortSignal.any([signal, watch.signal]))
    .catch((error: unknown) => {
      void session.kill(channel).then(() => {
        channel.close();
      });
      throw error;
    })
    .finally(() => {
      watch.dispose();
    });
  if (end.kind === 'lost') throw connectionLost(session.host, end.reason);
  return {
    stdout: watch.stdout.all(),
    stderr: watch.stderr.all(),
    status: end.kind === 'exited' ? end.exitCode : 'signalled',
  };
}

function* inPieces(bytes: Buffer, watch: CommandWatch): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    watch.progress();
    yield bytes.subarray(at, at + PIECE_BYTES);
  }
}
