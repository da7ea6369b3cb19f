import type { Readable } from 'node:stream';
import { foreignLine } from '../../../core/analysis/foreignLine';
import { HsmError } from '../../../core/base/errors';
import { DisposableStore } from '../../../core/base/lifecycle';
import { connectionLost } from '../hostErrors';
import { onAbort, untilAborted } from '../onAbort';
import type { SshChannel, SshTransport } from '../sshTransport';
import { MAX_COMMAND_LINE, toCommandLine } from './bootstrap';
import { Mark } from './marks';

/** A script that runs on the far side, its streams free of what start-up files printed. */
export interface MarkedChannel extends SshChannel {
  /** Process id of the script, and of its process group. */
  readonly pid: number;
  /** The last word of {@link announce}. */
  readonly word: string;
}

/** Start-up files of clusters load modules and may take their time. */
const START_TIMEOUT_MS = 60_000;
const MAX_NOISE = 256 * 1024;

/** Script text that says that the script has begun, with a word for us. Once per script. */
export type Announce = (word: string) => string;

/** A script to run on the far side. */
export interface MarkedScript {
  /** For messages: the alias. */
  readonly host: string;
  /** Makes its text; what that announces comes back as {@link MarkedChannel.word}. */
  readonly write: (announce: Announce) => string;
  /** Ends what came about after the caller had given up. */
  readonly abandon: (channel: MarkedChannel) => void;
  /** See `SshTransport.exec`. */
  readonly isLasting?: boolean;
}

/**
 * Runs a script and waits until it says that it has begun.
 *
 * @throws HsmError `host.refused` when the login shell did not run it, `host.unreachable` when the connection went
 */
export async function openMarked(
  transport: SshTransport,
  { host, write, abandon, isLasting = false }: MarkedScript,
  signal: AbortSignal,
): Promise<MarkedChannel> {
  const mark = new Mark();
  const script = write((word) => announce(mark, word));
  const line = toCommandLine(script);
  const isLong = line.length > MAX_COMMAND_LINE;
  const command = isLong ? toCommandLine(readScript(script)) : line;
  const channel = await transport.exec(command, signal, isLasting);
  if (isLong) channel.io.write(script);
  const begun = untilBegun(channel, mark, host);
  try {
    return await untilAborted(begun, signal);
  } catch (error) {
    // Whoever gave up does not wait for it; but it may begin yet.
    begun.then(abandon, () => undefined);
    throw error;
  }
}

async function untilBegun(channel: SshChannel, mark: Mark, host: string): Promise<MarkedChannel> {
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const [out, err] = await Promise.all([
    skipNoise(channel.io, mark, timeout),
    skipNoise(channel.stderr, mark, timeout),
  ]);
  if (out.line !== undefined && err.line !== undefined) {
    const [pid = '', word = ''] = out.line.split(' ');
    return { ...channel, pid: Number(pid), word };
  }
  channel.close();
  throw await explain(host, channel, out.noise + err.noise, timeout.aborted);
}

/** A script that reads another one from its input, and not a byte of what follows. */
function readScript(script: string): string {
  return `eval "$(dd bs=1 count=${Buffer.byteLength(script)} 2>/dev/null)"`;
}

function announce(mark: Mark, word: string): string {
  return `printf '%s%s\\n' ${mark.halves} >&2; printf '%s%s %s\\n' ${mark.halves} "$$ ${word}"`;
}

/** Reads up to the line of the mark, which it leaves behind. Without it there is no line. */
function skipNoise(
  stream: Readable,
  mark: Mark,
  signal: AbortSignal,
): Promise<{ readonly line?: string; readonly noise: string }> {
  return new Promise((resolve) => {
    let noise = Buffer.alloc(0);
    const watch = new DisposableStore();
    const settle = (line?: string): void => {
      stream.off('readable', look);
      stream.off('end', fail);
      stream.off('close', fail);
      watch.dispose();
      resolve({ noise: noise.toString('utf8'), ...(line === undefined ? {} : { line }) });
    };
    const fail = (): void => {
      settle();
    };
    const look = (): void => {
      for (let chunk = read(stream); chunk; chunk = read(stream)) noise = Buffer.concat([noise, chunk]);
      const begin = noise.indexOf(mark.text);
      const end = begin < 0 ? -1 : noise.indexOf('\n', begin);
      if (end < 0) {
        if (noise.length > MAX_NOISE) fail();
        return;
      }
      if (end + 1 < noise.length) stream.unshift(noise.subarray(end + 1));
      settle(noise.toString('utf8', begin + mark.text.length, end).trim());
    };
    stream.on('readable', look);
    stream.once('end', fail);
    stream.once('close', fail);
    watch.add(onAbort(signal, fail));
  });
}

function read(stream: Readable): Buffer | null {
  return stream.read() as Buffer | null;
}

async function explain(host: string, channel: SshChannel, noise: string, isLate: boolean): Promise<HsmError> {
  const end = isLate ? undefined : await channel.ended;
  if (end?.kind === 'lost') return connectionLost(host, end.reason);
  const printed = foreignLine(noise.slice(-2000));
  const words = printed === '' ? 'It printed nothing.' : `It printed: ${printed}`;
  const what = isLate ? `did not begin within ${START_TIMEOUT_MS / 1000} s` : 'ended before it began';
  return new HsmError(
    'host.refused',
    `A command on ${host} ${what}: the login shell, or a start-up file of it, did not let it. ${words}`,
    {
      host,
      hint: `Check that \`ssh ${host} true\` works: start-up files of the shell must let commands run without a terminal.`,
    },
  );
}
