import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Logger } from '../../core/base/logger';
import type { HostProcess, ProcessEnd, StreamHost } from '../host/streamHost';
import { gather } from './hostScript';
import type { TransferWatch } from './transferWatch';

export interface RsyncCall {
  readonly host: StreamHost;
  /** Without `-e`. The far side of a path is written `host:path`, whatever the host. */
  readonly args: readonly string[];
  /** The standard input: the list of files. */
  readonly stdin: Uint8Array;
  readonly watch: TransferWatch;
  readonly log: Logger;
}

export interface RsyncEnd {
  readonly end: ProcessEnd;
  readonly stdout: Buffer;
  /** Of both ends. */
  readonly stderr: string;
}

/**
 * Runs the rsync of this machine with the other end on the host: instead of a remote shell it gets a small script,
 * whose streams are carried to a program that the host starts. So no second connection is made, and nobody is asked to
 * log in again.
 *
 * @throws what `host.start` throws, and the watch's reason when it aborts
 */
export async function runRsync({ host, args, stdin, watch, log }: RsyncCall): Promise<RsyncEnd> {
  const { signal } = watch;
  signal.throwIfAborted();
  // Without it rsync makes the pipes of its shell non-blocking, and `cat` fails on those.
  const argv = ['--blocking-io', '-e', shellWord, ...args];
  log.debug(`${host.label}: rsync ${args.join(' ')}`);
  const rsync = spawn('rsync', argv, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: cleanEnv(),
    detached: true,
  });
  const exited = new Promise<ProcessEnd>((resolve, reject) => {
    rsync.on('error', reject);
    rsync.on('exit', (exitCode, killedBy) => {
      resolve(
        exitCode === null ? { kind: 'signalled', signal: String(killedBy) } : { kind: 'exited', exitCode },
      );
    });
  });
  const abort = () => {
    endGroup(rsync);
  };
  signal.addEventListener('abort', abort);
  const pipes = pipesOf(rsync);
  const stdout = gather(pipes.stdout, 64 * 1024 * 1024);
  const stderr = gather(pipes.stderr, 64 * 1024);
  pipes.stdin.end(stdin);
  const carrier = new Carrier(host, pipes, watch);
  try {
    const end = await exited;
    await carrier.close();
    signal.throwIfAborted();
    if (carrier.refusal !== undefined) throw carrier.refusal;
    const far = carrier.far?.kind === 'lost' ? carrier.far : undefined;
    return { end: far ?? end, stdout: stdout(), stderr: stderr().toString('utf8') + carrier.stderr() };
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The streams of rsync and, behind descriptors that it inherits and passes on, of the script that is its shell. */
interface Pipes {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** What the far side says. */
  readonly toShell: Writable;
  readonly fromShell: Readable;
  readonly command: Readable;
  readonly status: Writable;
}

/** Joins the script that rsync takes for its shell with a program on the host. */
class Carrier {
  /** How the far program ended. */
  far: ProcessEnd | undefined;
  /** Why the host did not start it. */
  refusal: Error | undefined;
  stderr: () => string = () => '';
  private readonly own = new AbortController();
  private readonly finished: Promise<void>;

  constructor(
    private readonly host: StreamHost,
    private readonly pipes: Pipes,
    private readonly watch: TransferWatch,
  ) {
    const { toShell, fromShell, command, status } = pipes;
    // A pipe breaks when rsync ends; that it ended is what counts.
    for (const stream of [pipes.stdin, toShell, fromShell, command, status])
      stream.on('error', () => undefined);
    this.finished = this.carry().catch((error: unknown) => {
      this.refusal = error instanceof Error ? error : new Error(String(error));
      this.tellStatus(255);
    });
  }

  /** Lets go of everything, and resolves when the far program is over. */
  async close(): Promise<void> {
    const { toShell, fromShell, command, status } = this.pipes;
    for (const stream of [toShell, fromShell, command, status]) stream.destroy();
    this.own.abort();
    await this.finished;
  }

  private async carry(): Promise<void> {
    const words = await readWords(this.pipes.command);
    if (words === undefined) return;
    const process = await this.host.start(words, AbortSignal.any([this.watch.signal, this.own.signal]));
    this.connect(process);
    this.far = await process.ended;
    this.tellStatus(this.far.kind === 'exited' ? this.far.exitCode : 255);
  }

  private connect(process: HostProcess): void {
    const { toShell, fromShell } = this.pipes;
    const said = gather(process.stderr, 64 * 1024);
    this.stderr = () => said().toString('utf8');
    const count = (chunk: Buffer) => {
      this.watch.moved(chunk.length);
    };
    process.stdin.on('error', () => undefined);
    process.stdout.on('error', () => undefined);
    process.stdout.on('data', count).pipe(toShell);
    fromShell.on('data', count).pipe(process.stdin);
    // Once rsync is gone nobody reads; an unread stream would hold the far program up.
    toShell.on('close', () => process.stdout.resume());
  }

  private tellStatus(exitCode: number): void {
    if (this.pipes.status.destroyed) return;
    this.pipes.status.end(`${exitCode}\n`);
    // The script waits for the end of what the far side says before it reads the status.
    this.pipes.toShell.end();
  }
}

/**
 * The words after the host's name: `rsync --server …`. They come with their number before them, because rsync keeps
 * the descriptor open and there is no end of file. Undefined when rsync ended before it called its shell.
 */
async function readWords(command: Readable): Promise<string[] | undefined> {
  let read: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of command) {
      read = Buffer.concat([read, chunk as Buffer]);
      const lineEnd = read.indexOf('\n');
      const words = lineEnd < 0 ? [] : read.toString('utf8', lineEnd + 1).split('\0');
      if (lineEnd >= 0 && words.length > Number(read.toString('utf8', 0, lineEnd))) return words.slice(1, -1);
    }
  } catch {
    // The stream was destroyed: rsync ended.
  }
  return undefined;
}

// What rsync starts instead of ssh. Inherited: 3 the far side's output, 4 its input, 5 where the words go to, 6 where
// the exit status comes from. A background job would get /dev/null as its input, hence 7. Single quotes would end it.
const shellScript =
  '{ printf "%s\\n" "$#"; for word do printf "%s\\0" "$word"; done; } >&5; exec 5>&- 7<&0; ' +
  'cat <&7 >&4 2>/dev/null & pump=$!; exec 7<&- 4>&-; ' +
  'cat <&3 || { kill "$pump" 2>/dev/null; exit 254; }; ' +
  'kill "$pump" 2>/dev/null; read -r status <&6 || status=255; exit "$status"';

// rsync splits this at spaces and knows quotes.
const shellWord = `/bin/sh -c '${shellScript}' sh`;

function pipesOf(rsync: ChildProcess): Pipes {
  // The type of Node's declarations ends at the fifth.
  const streams: readonly unknown[] = rsync.stdio;
  const [stdin, stdout, stderr, toShell, fromShell, command, status] = streams;
  return { stdin, stdout, stderr, toShell, fromShell, command, status } as Pipes;
}

/** rsync takes options from its environment, too. Messages in English, because they are read here. */
function cleanEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(RSYNC_|LC_|LANG$|LANGUAGE$)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

/** SIGTERM lets rsync keep what it has of a file; all its processes, in case it does not listen. */
function endGroup(rsync: ChildProcess): void {
  signalGroup(rsync, 'SIGTERM');
  const timer = setTimeout(() => {
    signalGroup(rsync, 'SIGKILL');
  }, 3000);
  rsync.once('exit', () => {
    clearTimeout(timer);
  });
}

function signalGroup(rsync: ChildProcess, name: NodeJS.Signals): void {
  if (rsync.pid === undefined || rsync.exitCode !== null || rsync.signalCode !== null) return;
  try {
    process.kill(-rsync.pid, name);
  } catch {
    // It ended meanwhile.
  }
}
