import { randomBytes } from 'node:crypto';
import { HsmError } from '../../core/base/errors';
import type { Logger } from '../../core/base/logger';
import type { CommandResult, FilePiece, FileRange, FileToWrite, RunOptions } from '../../core/compute/host';
import { toFilePiece } from '../host/filePiece';
import type { HostProcess, StartOptions, StreamHost } from '../host/streamHost';
import { noSuchProgram } from './hostErrors';
import { commandScript, isSignalStatus } from './remote/commandScript';
import type { ShellOutcome } from './remote/controlShell';
import {
  makeDirsScript,
  parseReadAnswer,
  planFile,
  readScript,
  writeInlineScript,
  writeStreamScript,
  type ReadAnswer,
} from './remote/fileScripts';
import type { MarkedChannel } from './remote/markedChannel';
import { runOnChannel } from './runOnChannel';
import type { SshSession } from './sshSession';
import { toHostProcess } from './toHostProcess';

const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
/** What is read of a file at once. */
const MAX_READ_BYTES = 256 * 1024 * 1024;
/** Some shells read their script byte by byte: what is longer gets a stream. */
const MAX_INLINE_BYTES = 16 * 1024;
/** A large file on a slow line takes its time; only a standstill is a failure. */
const FILE_STANDSTILL_MS = 120_000;
const MAX_LOGGED = 400;
/** One for a long transfer and its comparison each, and none is left. */
const NARROW_SESSIONS = 2;

/** A machine behind an SSH connection. */
export class SshHost implements StreamHost {
  /**
   * @param label - the alias
   * @param session - the connection, opened when there is none
   */
  constructor(
    readonly label: string,
    private readonly session: (signal: AbortSignal) => Promise<SshSession>,
    private readonly log: Logger,
  ) {}

  async run(argv: readonly string[], signal: AbortSignal, options: RunOptions = {}): Promise<CommandResult> {
    const [program] = checkArgv(argv);
    const session = await this.open(signal);
    this.note(argv.join(' '));
    const limits = {
      what: argv.join(' '),
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      maxOutputBytes: options.maxOutputBytes ?? MAX_OUTPUT_BYTES,
    };
    const stdin = Buffer.from(options.stdin ?? '');
    const { stdout, stderr, status } =
      stdin.length > MAX_INLINE_BYTES
        ? await runOnChannel(session, argv, stdin, limits, signal)
        : await session.run({ program, script: commandScript(argv, stdin) }, limits, signal);
    if (status === 'absent') throw noSuchProgram(this.label, argv);
    return {
      stdout: stdout.toString('utf8'),
      stderr: stderr.toString('utf8'),
      exitCode: status === 'signalled' || isSignalStatus(status) ? undefined : status,
    };
  }

  async start(
    argv: readonly string[],
    signal: AbortSignal,
    { givesWay = false }: StartOptions = {},
  ): Promise<HostProcess> {
    checkArgv(argv);
    const session = await this.open(signal);
    this.note(argv.join(' '));
    const channel = await (givesWay ? startGivingWay(session, argv, signal) : session.start(argv, signal));
    return toHostProcess(session, channel, signal);
  }

  async isNarrow(signal: AbortSignal): Promise<boolean> {
    return (await this.open(signal)).transport.maxSessions <= NARROW_SESSIONS;
  }

  async readFrom(path: string, offset: number, signal: AbortSignal): Promise<{ text: string; end: number }> {
    const { size, start, bytes } = await this.read(path, { offset, limit: MAX_READ_BYTES }, signal);
    if (bytes.length === 0) return { text: '', end: size };
    return { text: bytes.toString('utf8'), end: start + bytes.length };
  }

  async readRange(path: string, range: FileRange, signal: AbortSignal): Promise<FilePiece> {
    const { size, start, bytes } = await this.read(path, range, signal);
    // It may have grown since its size was asked.
    return toFilePiece(bytes.subarray(0, Math.max(0, size - start)), start, size);
  }

  async writeFile(path: string, content: string, signal: AbortSignal, mode?: number): Promise<void> {
    await this.writeFiles([mode === undefined ? { path, content } : { path, content, mode }], signal);
  }

  async writeFiles(files: readonly FileToWrite[], signal: AbortSignal): Promise<void> {
    const [first] = files;
    if (!first) return;
    const planned = files.map((file) => planFile(file, randomBytes(6).toString('hex')));
    const bytes = Buffer.concat(planned.map((file) => file.bytes));
    const what = `write ${first.path}${files.length > 1 ? ` and ${files.length - 1} more` : ''}`;
    if (bytes.length <= MAX_INLINE_BYTES) await this.runScript(what, writeInlineScript(planned), signal);
    else await this.runScript(what, writeStreamScript(planned), signal, bytes);
  }

  async makeDirs(paths: readonly string[], signal: AbortSignal): Promise<void> {
    if (paths.length > 0) await this.runScript(`create ${paths.join(', ')}`, makeDirsScript(paths), signal);
  }

  private open(signal: AbortSignal): Promise<SshSession> {
    return signal.aborted ? Promise.reject(signal.reason as Error) : this.session(signal);
  }

  private async read(path: string, range: FileRange, signal: AbortSignal): Promise<ReadAnswer> {
    const { stdout } = await this.runScript(`read ${path}`, readScript(path, range), signal);
    return parseReadAnswer(stdout);
  }

  /** Runs a script of ours, which says by its status whether it did its work. */
  private async runScript(
    what: string,
    script: string,
    signal: AbortSignal,
    stdin?: Buffer,
  ): Promise<ShellOutcome> {
    const session = await this.open(signal);
    this.note(what);
    const limits = {
      what: `To ${what}`,
      timeoutMs: FILE_STANDSTILL_MS,
      timeCounts: 'since-progress',
      maxOutputBytes: 2 * MAX_READ_BYTES,
    } as const;
    const outcome = stdin
      ? await runOnChannel(session, ['/bin/sh', '-c', script], stdin, limits, signal)
      : await session.run({ script }, limits, signal);
    if (outcome.status === 0) return outcome;
    const stderr = outcome.stderr.toString('utf8').trim();
    throw new HsmError(
      'command.failed',
      `Could not ${what} on ${this.label}: ${stderr || 'it did not say why'}`,
      { argv: [what], exitCode: Number(outcome.status), stderr },
    );
  }

  private note(what: string): void {
    this.log.debug(`${this.label}: ${what.length > MAX_LOGGED ? `${what.slice(0, MAX_LOGGED)}…` : what}`);
  }
}

function checkArgv(argv: readonly string[]): readonly [string, ...string[]] {
  const [program, ...rest] = argv;
  if (program === undefined) throw new Error('an empty command cannot be run');
  if (argv.some((word) => word.includes('\0')))
    throw new Error(`an argument of ${program} contains a NUL byte`);
  return [program, ...rest];
}

/** Where a server allows a single session, one that is held for good would keep everything else out. */
async function startGivingWay(
  session: SshSession,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<MarkedChannel> {
  let channel: MarkedChannel | undefined;
  const place = { isWanted: false };
  // Others may begin to wait before it has begun.
  const listening = session.transport.onDidCrowd((crowd) => {
    place.isWanted ||= crowd.signal !== signal;
    if (place.isWanted) channel?.io.end();
  });
  try {
    channel = await session.start(argv, signal);
  } catch (error) {
    listening.dispose();
    throw error;
  }
  if (place.isWanted) channel.io.end();
  void channel.ended.then(() => {
    listening.dispose();
  });
  return channel;
}
