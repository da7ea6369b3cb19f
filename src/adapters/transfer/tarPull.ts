import { createHash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  mkdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { HostProcess, StreamHost } from '../host/streamHost';
import { breakOffAt, gather, toNulList } from './hostScript';
import type { SkippedFile } from './transfer';
import { failedTool, lostConnection } from './transferError';
import type { TransferTools } from './transferTools';
import type { TransferWatch } from './transferWatch';
import type { TarHeader } from './tarFormat';
import { readTar, type TarSink } from './tarReader';
import type { TreeEntry } from './treeListing';

export interface TarPull {
  readonly host: StreamHost;
  readonly tools: TransferTools;
  readonly remoteDir: string;
  /** Where files arrive: a directory in which nobody else writes. */
  readonly intoDir: string;
  /** Largest size of a file when it comes. */
  readonly maxSize: number;
  readonly watch: TransferWatch;
}

/** Parts of files are worth a question to the host from so many bytes on. */
const MIN_PART = 1024 * 1024;

/**
 * Brings files by a tar stream that is read here: nothing in it is trusted but the content of the files that were
 * asked for.
 *
 * @param parts - of the wanted files those of which the directory has the beginning
 * @returns what came in another shape than that of a plain file
 */
export async function pullByTar(
  pull: TarPull,
  wanted: ReadonlyMap<string, TreeEntry>,
  parts: readonly string[],
): Promise<SkippedFile[]> {
  const missing = new Map(wanted);
  for (const path of parts) {
    const entry = wanted.get(path);
    if (entry && (await fetchRest(pull, entry))) missing.delete(path);
  }
  return missing.size === 0 ? [] : fetchAll(pull, missing);
}

async function fetchAll(pull: TarPull, wanted: ReadonlyMap<string, TreeEntry>): Promise<SkippedFile[]> {
  const { host, remoteDir, watch, tools } = pull;
  const sink = new ArrivingFiles(pull, wanted);
  const argv = ['/bin/sh', '-c', tarScript, 'sh', remoteDir, ...packOptions[tools.tar ?? 'busybox']];
  const names = toNulList(wanted.keys());
  const { process, stderr, stop } = await startWatched(host, argv, watch);
  process.stdin.end(names);
  const what = 'collecting files';
  try {
    await readTar(process.stdout as AsyncIterable<Buffer>, sink);
  } catch (error) {
    sink.abandon();
    stop();
    const end = await process.ended;
    watch.signal.throwIfAborted();
    if (end.kind === 'lost') throw lostConnection(host, what, end.reason);
    throw error;
  }
  const end = await process.ended;
  watch.signal.throwIfAborted();
  // 1, 2 and xargs' 123: some files could not be read, which shows by their absence.
  if (end.kind !== 'exited' || ![0, 1, 2, 123].includes(end.exitCode))
    throw failedTool(host, what, ['tar', remoteDir], end, stderr());
  return sink.skipped;
}

/** Appends what is missing of a file whose beginning is here, if the host's file still begins so. */
async function fetchRest(pull: TarPull, entry: TreeEntry): Promise<boolean> {
  const { host, tools, remoteDir, intoDir, watch } = pull;
  const file = join(intoDir, entry.path);
  const { size } = statSync(file);
  if (size < MIN_PART || size >= entry.size || tools.sha256 === undefined) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const args = [remoteDir, `./${entry.path}`, size, hash.digest('hex'), entry.size - size].map(String);
  const argv = ['/bin/sh', '-c', restScript(tools.sha256), 'sh', ...args];
  const { process } = await startWatched(host, argv, watch);
  process.stdin.end();
  const handle = await open(file, 'a');
  try {
    for await (const chunk of process.stdout) await handle.writeFile(chunk as Buffer);
  } finally {
    await handle.close();
  }
  const end = await process.ended;
  watch.signal.throwIfAborted();
  if (end.kind === 'lost') throw lostConnection(host, 'collecting files', end.reason);
  if (statSync(file).size !== entry.size) return false;
  utimesSync(file, entry.mtimeSec, entry.mtimeSec);
  return true;
}

/** Starts a program whose output counts as what is transferred. */
async function startWatched(
  host: StreamHost,
  argv: readonly string[],
  watch: TransferWatch,
): Promise<{ process: HostProcess; stderr: () => string; stop: () => void }> {
  const own = new AbortController();
  const stopped = AbortSignal.any([watch.signal, own.signal]);
  const process = await host.start(argv, stopped);
  breakOffAt(stopped, process);
  const stderr = gather(process.stderr, 64 * 1024);
  process.stdin.on('error', () => undefined);
  process.stdout.on('data', (chunk: Buffer) => {
    watch.moved(chunk.length);
  });
  // The reader below takes it chunk by chunk, and holds it up while it writes.
  process.stdout.pause();
  return {
    process,
    stderr: () => stderr().toString('utf8'),
    stop: () => {
      own.abort();
    },
  };
}

/** Writes the files of a tar stream that are wanted. */
class ArrivingFiles implements TarSink {
  readonly skipped: SkippedFile[] = [];
  private readonly arrived = new Set<string>();
  private readonly madeDirs = new Set<string>();
  /** What came in another shape once is not taken in a second one. */
  private readonly refused = new Set<string>();
  private current: { readonly path: string; readonly mtimeSec: number; readonly size: number } | undefined;
  /** Of a small file all, of a large one nothing. */
  private chunks: Buffer[] = [];
  private handle: FileHandle | undefined;

  constructor(
    private readonly pull: TarPull,
    private readonly wanted: ReadonlyMap<string, TreeEntry>,
  ) {}

  begin({ name, kind, size, mtimeSec, target, isSparse }: TarHeader): boolean {
    const path = toPath(name);
    // What nobody asked for has no place here, whatever it is called.
    if (kind === 'directory' || !this.wanted.has(path) || this.refused.has(path)) return false;
    if (kind === 'link') {
      this.copy(path, toPath(target), mtimeSec);
      return false;
    }
    if (kind === 'other' || isSparse) return this.skip(path, 'kind', 'is not a plain file any more');
    if (size > this.pull.maxSize)
      return this.skip(path, 'size', `has ${size} bytes by now, more than allowed`);
    this.current = { path, mtimeSec, size };
    return true;
  }

  async content(bytes: Buffer): Promise<void> {
    if (!this.current) return;
    if (this.current.size <= SMALL) {
      this.chunks.push(bytes);
      return;
    }
    this.handle ??= await open(this.place(this.current.path), 'w');
    await this.handle.writeFile(bytes);
  }

  end(): Promise<void> | undefined {
    const { current, handle } = this;
    if (!current) return undefined;
    this.current = undefined;
    if (handle) return this.finishLarge(current.path, handle, current.mtimeSec);
    const file = this.place(current.path);
    writeFileSync(file, Buffer.concat(this.chunks));
    this.chunks = [];
    this.finish(current.path, current.mtimeSec);
    return undefined;
  }

  /** The stream broke off: what there is of the current file stays. */
  abandon(): void {
    void this.handle?.close();
    this.handle = undefined;
  }

  private async finishLarge(path: string, handle: FileHandle, mtimeSec: number): Promise<void> {
    this.handle = undefined;
    await handle.close();
    this.finish(path, mtimeSec);
  }

  private finish(path: string, mtimeSec: number): void {
    utimesSync(join(this.pull.intoDir, path), mtimeSec, mtimeSec);
    this.arrived.add(path);
  }

  /** Another name of a file there: here it becomes a file of its own. */
  private copy(path: string, from: string, mtimeSec: number): void {
    if (!this.arrived.has(from)) {
      this.skip(path, 'kind', 'is a second name of a file that was not collected with it');
      return;
    }
    copyFileSync(join(this.pull.intoDir, from), this.place(path));
    this.finish(path, mtimeSec);
  }

  private place(path: string): string {
    const file = join(this.pull.intoDir, path);
    const dir = dirname(file);
    if (!this.madeDirs.has(dir)) mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.madeDirs.add(dir);
    return file;
  }

  private skip(path: string, reason: SkippedFile['reason'], detail: string): false {
    rmSync(join(this.pull.intoDir, path), { force: true });
    this.refused.add(path);
    this.skipped.push({ path, reason, detail });
    return false;
  }
}

const SMALL = 256 * 1024;

/** Formats without holes; and GNU tar is not to take a backslash in a name for an escape. */
const packOptions = {
  gnu: ['--format=gnu', '--no-unquote'],
  bsd: ['--format=gnutar'],
  busybox: [],
} as const;

function toPath(name: string): string {
  return name.replace(/^(\.\/)+/, '');
}

// The environment may tell GNU tar to compress, and macOS's to add files of its own.
const tarScript = `cd "$1" || exit 3; shift
unset TAR_OPTIONS; COPYFILE_DISABLE=1; export COPYFILE_DISABLE
exec xargs -0 tar "$@" -cf -`;

/** Prints so many bytes of a file from an offset, if what is before it has a certain sum. */
function restScript(sum: readonly string[]): string {
  return `cd "$1" || exit 3
sum=$(head -c "$3" "$2" | ${sum.join(' ')})
[ "\${sum%% *}" = "$4" ] || exit 9
tail -c "+$(($3 + 1))" "$2" | head -c "$5"`;
}
