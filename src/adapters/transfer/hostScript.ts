import { HsmError } from '../../core/base/errors';
import type { HostProcess, ProcessEnd, StreamHost } from '../host/streamHost';
import { lostConnection, untrustedStream } from './transferError';

/** A POSIX `sh` script with what it is given. */
export interface HostScript {
  readonly script: string;
  /** `$1`, `$2`, … */
  readonly args: readonly string[];
  readonly stdin?: Uint8Array;
  /** It takes seconds at most: with little input it needs no stream of its own, whose opening takes several round trips. */
  readonly isBrief?: boolean;
  /** For messages, e.g. `listing files`. */
  readonly what: string;
  /** More output than this is not believed. */
  readonly maxBytes?: number;
  /** Default: ten minutes. */
  readonly timeoutMs?: number;
}

export interface ScriptOutput {
  /** Bytes that are no UTF-8 may have become U+FFFD. */
  readonly stdout: Buffer;
  readonly stderr: string;
  /** More was said on stderr than was kept. */
  readonly isCut: boolean;
  readonly end: ProcessEnd;
}

const MAX_BYTES = 256 * 1024 * 1024;
const TIMEOUT_MS = 600_000;

/** More input than this gets a stream of its own. */
const LITTLE_BYTES = 8 * 1024;

/** Messages beyond this are read and dropped. */
const MAX_WORDS = 64 * 1024;

/**
 * Runs a script to its end, whatever its exit code.
 *
 * @throws HsmError `host.unreachable` when the connection goes or the time is over; `command.failed` when it says more
 *   than it may
 */
export async function runScript(
  host: StreamHost,
  task: HostScript,
  signal: AbortSignal,
): Promise<ScriptOutput> {
  if (task.isBrief === true && (task.stdin?.length ?? 0) <= LITTLE_BYTES)
    return runBriefly(host, task, signal);
  const overrun = new AbortController();
  const timeout = AbortSignal.timeout(task.timeoutMs ?? TIMEOUT_MS);
  const ends = AbortSignal.any([signal, timeout, overrun.signal]);
  const child = await host.start(argvOf(task), ends);
  breakOffAt(ends, child);
  const stdout = gather(child.stdout, task.maxBytes ?? MAX_BYTES, () => {
    overrun.abort();
  });
  const stderr = gather(child.stderr, MAX_WORDS);
  child.stdin.on('error', () => undefined);
  child.stdin.end(task.stdin ?? '');
  const end = await child.ended;
  signal.throwIfAborted();
  if (overrun.signal.aborted) throw untrustedStream(host, `said too much while ${task.what}`);
  if (timeout.aborted) throw tooSlow(host, task.what);
  if (end.kind === 'lost') throw lostConnection(host, task.what, end.reason);
  const words = stderr();
  return { stdout: stdout(), stderr: words.toString('utf8'), isCut: words.length >= MAX_WORDS, end };
}

async function runBriefly(host: StreamHost, task: HostScript, signal: AbortSignal): Promise<ScriptOutput> {
  const options = {
    ...(task.stdin && { stdin: task.stdin }),
    timeoutMs: task.timeoutMs ?? TIMEOUT_MS,
    maxOutputBytes: task.maxBytes ?? MAX_BYTES,
  };
  const { stdout, stderr, exitCode } = await host
    .run(argvOf(task), signal, options)
    .catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  const end: ProcessEnd =
    exitCode === undefined ? { kind: 'signalled', signal: 'unknown' } : { kind: 'exited', exitCode };
  return { stdout: Buffer.from(stdout), stderr, isCut: false, end };
}

function argvOf({ script, args }: HostScript): readonly string[] {
  return ['/bin/sh', '-c', script, 'sh', ...args];
}

/**
 * Takes no more output once the signal aborts. A program that was started by the one that was ended may go on writing
 * for long, and would hold the end up.
 */
export function breakOffAt(signal: AbortSignal, process: HostProcess): void {
  const breakOff = () => {
    process.stdout.destroy();
    process.stderr.destroy();
  };
  signal.addEventListener('abort', breakOff, { once: true });
  void process.ended.then(() => {
    signal.removeEventListener('abort', breakOff);
  });
}

/** Reads a stream to its end, keeping the first `limit` bytes. */
export function gather(stream: NodeJS.ReadableStream, limit: number, onLimit?: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let kept = 0;
  stream.on('data', (chunk: Buffer) => {
    if (kept + chunk.length > limit) onLimit?.();
    const part = chunk.subarray(0, Math.max(0, limit - kept));
    kept += part.length;
    if (part.length > 0) chunks.push(part);
  });
  stream.on('error', () => undefined);
  return () => Buffer.concat(chunks);
}

/**
 * Relative paths as `xargs -0` and `--from0` read them. With `./` before it none is an option, and none a comment:
 * rsync passes over names that begin with `#` or `;`.
 */
export function toNulList(paths: Iterable<string>): Buffer {
  return Buffer.from([...paths].map((path) => `./${path}\0`).join(''));
}

function tooSlow(host: StreamHost, what: string): HsmError {
  return new HsmError('host.unreachable', `${host.label} did not finish ${what} in time. Try again.`, {
    host: host.label,
  });
}
