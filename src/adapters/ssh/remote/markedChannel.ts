import type { Readable } from 'node:stream';
import { HsmError } from '../../../core/base/errors';
import { connectionLost } from '../hostErrors';
import type { SshChannel, SshTransport } from '../sshTransport';
import { toCommandLine } from './bootstrap';
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

/**
 * Runs a script and waits until it says that it has begun. `write` makes the script: what it announces comes back as
 * {@link MarkedChannel.word}.
 *
 * @param host - for messages
 * @throws HsmError `host.refused` when the login shell did not run it, `host.unreachable` when the connection went
 */
export async function openMarked(
  transport: SshTransport,
  host: string,
  write: (announce: Announce) => string,
  signal: AbortSignal,
): Promise<MarkedChannel> {
  const mark = new Mark();
  const channel = await transport.exec(toCommandLine(write((word) => announce(mark, word))), signal);
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const either = AbortSignal.any([signal, timeout]);
  try {
    const [out] = await Promise.all([
      skipNoise(channel.io, mark, either),
      skipNoise(channel.stderr, mark, either),
    ]);
    const [pid = '', word = ''] = out.line.split(' ');
    return { ...channel, pid: Number(pid), word };
  } catch (error) {
    channel.close();
    signal.throwIfAborted();
    if (!(error instanceof NotBegun)) throw error;
    throw await explain(host, channel, error.noise, timeout.aborted);
  }
}

function announce(mark: Mark, word: string): string {
  return `printf '%s%s\\n' ${mark.halves} >&2; printf '%s%s %s\\n' ${mark.halves} "$$ ${word}"`;
}

/** What was printed instead of the mark. */
class NotBegun extends Error {
  constructor(readonly noise: string) {
    super('the mark did not come');
  }
}

/** Reads up to the line of the mark, which it leaves behind, and answers with the rest of that line. */
function skipNoise(stream: Readable, mark: Mark, signal: AbortSignal): Promise<{ line: string }> {
  return new Promise((resolve, reject) => {
    let noise = Buffer.alloc(0);
    const stop = (): void => {
      stream.off('readable', look);
      stream.off('end', fail);
      stream.off('close', fail);
      signal.removeEventListener('abort', fail);
    };
    const fail = (): void => {
      stop();
      reject(new NotBegun(noise.toString('utf8')));
    };
    const look = (): void => {
      for (let chunk = read(stream); chunk; chunk = read(stream)) noise = Buffer.concat([noise, chunk]);
      const begin = noise.indexOf(mark.text);
      const end = begin < 0 ? -1 : noise.indexOf('\n', begin);
      if (end < 0) {
        if (noise.length > MAX_NOISE) fail();
        return;
      }
      stop();
      const rest = noise.subarray(end + 1);
      if (rest.length > 0) stream.unshift(rest);
      resolve({ line: noise.toString('utf8', begin + mark.text.length, end).trim() });
    };
    stream.on('readable', look);
    stream.once('end', fail);
    stream.once('close', fail);
    signal.addEventListener('abort', fail, { once: true });
    if (signal.aborted) fail();
  });
}

function read(stream: Readable): Buffer | null {
  return stream.read() as Buffer | null;
}

async function explain(host: string, channel: SshChannel, noise: string, isLate: boolean): Promise<HsmError> {
  const end = isLate ? undefined : await channel.ended;
  if (end?.kind === 'lost') return connectionLost(host, end.reason);
  const printed = printable(noise);
  const words = printed === '' ? 'It printed nothing.' : `It printed: ${printed}`;
  const what = isLate ? `did not begin within ${START_TIMEOUT_MS / 1000} s` : 'ended before it began';
  return new HsmError(
    'host.refused',
    `A command on ${host} ${what}: the login shell, or a start-up file of it, did not let it. ${words}`,
    {
      host,
      hint: 'Check that `ssh HOST true` works, and that the shell’s start-up files let a command run that has no terminal.',
    },
  );
}

/** The end of what was printed, without what would move a terminal. */
function printable(noise: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is to be removed
  const text = noise.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '').trim();
  return text.length > 500 ? `… ${text.slice(-500)}` : text;
}
