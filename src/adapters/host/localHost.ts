import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CommandResult, FilePiece, FileRange, FileToWrite, RunOptions } from '../../core/compute/host';
import { toFilePiece } from './filePiece';
import { LimitedSink, MAX_STDERR_BYTES, TailSink } from './outputSink';
import type { HostProcess, ProcessEnd, StreamHost } from './streamHost';
import { syncDirectory } from './syncDirectory';

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** This machine. */
export class LocalHost implements StreamHost {
  readonly label = 'this machine';
  private readonly env: NodeJS.ProcessEnv;

  /** @param env - the environment of commands; default: this process's, without what belongs to the editor */
  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.env = withoutEditor(env);
  }

  run(argv: readonly string[], signal: AbortSignal, options: RunOptions = {}): Promise<CommandResult> {
    const [program, ...rest] = argv;
    if (program === undefined) return Promise.reject(new Error('an empty command cannot be run'));
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const timeout = AbortSignal.timeout(options.timeoutMs ?? 60_000);
    const tooMuch = new AbortController();
    const child = spawn(program, rest, {
      env: this.env,
      windowsHide: true,
      signal: AbortSignal.any([signal, timeout, tooMuch.signal]),
      killSignal: 'SIGKILL',
    });
    const maxOutputBytes = options.maxOutputBytes ?? MAX_OUTPUT_BYTES;
    const stdout = new LimitedSink(maxOutputBytes, () => {
      tooMuch.abort(new Error(`${argv.join(' ')} printed more than ${maxOutputBytes} bytes and was stopped`));
    });
    const stderr = new TailSink(MAX_STDERR_BYTES);
    child.stdout.on('data', (bytes: Buffer) => {
      stdout.take(bytes);
    });
    child.stderr.on('data', (bytes: Buffer) => {
      stderr.take(bytes);
    });
    // A program may end without reading its input; its exit code says whether that is well.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');
    return new Promise((resolve, reject) => {
      child.on('error', (error) => {
        if (signal.aborted) reject(error);
        else if (tooMuch.signal.aborted) reject(tooMuch.signal.reason as Error);
        else reject(timeout.aborted ? timedOut(argv, options) : error);
      });
      child.on('close', (exitCode) => {
        resolve({
          stdout: stdout.all().toString('utf8'),
          stderr: stderr.all().toString('utf8'),
          exitCode: exitCode ?? undefined,
        });
      });
    });
  }

  async readFrom(path: string, offset: number, signal: AbortSignal): Promise<{ text: string; end: number }> {
    signal.throwIfAborted();
    const file = await openIfThere(path);
    if (file === undefined) return { text: '', end: 0 };
    try {
      const { size } = await file.stat();
      if (size <= offset) return { text: '', end: size };
      const buffer = Buffer.alloc(size - offset);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      return { text: buffer.toString('utf8', 0, bytesRead), end: offset + bytesRead };
    } finally {
      await file.close();
    }
  }

  async readRange(path: string, range: FileRange, signal: AbortSignal): Promise<FilePiece> {
    signal.throwIfAborted();
    const file = await openIfThere(path);
    if (file === undefined) return { text: '', next: 0, end: 0 };
    try {
      const { size } = await file.stat();
      const start = range.offset < 0 ? Math.max(0, size + range.offset) : Math.min(range.offset, size);
      const buffer = Buffer.alloc(Math.min(range.limit, size - start));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
      return toFilePiece(buffer.subarray(0, bytesRead), start, size);
    } finally {
      await file.close();
    }
  }

  async writeFiles(files: readonly FileToWrite[], signal: AbortSignal): Promise<void> {
    const last = files.at(-1);
    await Promise.all(
      files.slice(0, -1).map(({ path, content, mode }) => this.writeFile(path, content, signal, mode)),
    );
    if (last) await this.writeFile(last.path, last.content, signal, last.mode);
  }

  async start(argv: readonly string[], signal: AbortSignal): Promise<HostProcess> {
    const [program, ...rest] = argv;
    if (program === undefined) throw new Error('an empty command cannot be run');
    signal.throwIfAborted();
    const child = spawn(program, rest, { env: this.env, windowsHide: true, signal });
    const ended = new Promise<ProcessEnd>((resolve) => {
      child.on('close', (exitCode, killedBy) => {
        resolve(
          exitCode === null
            ? { kind: 'signalled', signal: killedBy ?? 'unknown' }
            : { kind: 'exited', exitCode },
        );
      });
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.on('error', reject);
    });
    child.stdin.on('error', () => undefined);
    // A shell that was told to end still waits for a program of its own that reads.
    const endInput = (): void => void child.stdin.destroy();
    signal.addEventListener('abort', endInput, { once: true });
    void ended.then(() => {
      signal.removeEventListener('abort', endInput);
    });
    return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended };
  }

  async writeFile(path: string, content: string, signal: AbortSignal, mode = 0o666): Promise<void> {
    signal.throwIfAborted();
    // Hidden, so that no one who lists the directory takes it for the file.
    const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
    try {
      await writeDurable(temporary, content, mode);
      await rename(temporary, path);
      await syncDirectory(dirname(path));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async makeDirs(paths: readonly string[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await Promise.all(paths.map((path) => mkdir(path, { recursive: true })));
  }
}

/** Variables by which an editor's process steers its children; a task must not be steered by them. */
function withoutEditor(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(VSCODE_|ELECTRON_)/.test(name)));
}

async function writeDurable(path: string, content: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function timedOut(argv: readonly string[], options: RunOptions): Error {
  return new Error(`${argv.join(' ')} did not end within ${options.timeoutMs ?? 60_000} ms and was stopped`);
}
