import { connectionLost, printedTooMuch, tookTooLong, type CommandLimits } from './hostErrors';
import { untilAborted } from './onAbort';
import { LimitedSink, MAX_STDERR_BYTES, TailSink } from '../host/outputSink';
import type { SshSession } from './sshSession';

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
  const tooMuch = new AbortController();
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const stdout = new LimitedSink(limits.maxOutputBytes, () => {
    tooMuch.abort(printedTooMuch(session.host, limits));
  });
  const stderr = new TailSink(MAX_STDERR_BYTES);
  channel.io.on('data', (chunk: Buffer) => {
    stdout.take(chunk);
  });
  channel.stderr.on('data', (chunk: Buffer) => {
    stderr.take(chunk);
  });
  // It may end without reading its input; how it ended says whether that is well.
  channel.io.on('error', () => undefined);
  channel.io.end(stdin);
  const end = await untilAborted(channel.ended, AbortSignal.any([signal, tooMuch.signal, timeout])).catch(
    (error: unknown) => {
      void session.kill(channel).then(() => {
        channel.close();
      });
      throw error === timeout.reason ? tookTooLong(session.host, limits) : error;
    },
  );
  if (end.kind === 'lost') throw connectionLost(session.host, end.reason);
  return {
    stdout: stdout.all(),
    stderr: stderr.all(),
    status: end.kind === 'exited' ? end.exitCode : 'signalled',
  };
}
