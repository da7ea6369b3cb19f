import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { HostProcess, StreamHost } from '../host/streamHost';
import { ArrivingFiles } from './arrivingFiles';
import { chunksOf } from './chunksOf';
import { breakOffAt, gather, toNulList } from './hostScript';
import type { SkippedFile } from './transfer';
import { failedTool, isNoRoomCode, lostConnection } from './transferError';
import { TransferPace } from './transferPace';
import type { TransferTools } from './transferTools';
import type { TransferWatch } from './transferWatch';
import { readTar } from './tarReader';
import type { TreeEntry } from './treeListing';
import type { FileSum } from './fileSum';

export interface TarPull {
  readonly host: StreamHost;
  readonly tools: TransferTools;
  readonly remoteDir: string;
  /** Where files arrive: a directory in which nobody else writes. */
  readonly intoDir: string;
  /** Largest size of a file when it comes. */
  readonly maxSize: number;
  /** Directories of which everything is wanted, where they can be named instead of the files. */
  readonly roots: readonly string[] | undefined;
  readonly watch: TransferWatch;
}

/** What a tar stream brought. */
export interface TarArrival {
  /** Sums of what passed; a file that only got its end is missing from it. */
  readonly sums: ReadonlyMap<string, FileSum>;
  /** What came in another shape than that of a plain file. */
  readonly skipped: readonly SkippedFile[];
}

const WHAT = 'collecting files';
/** Parts of files are worth a question to the host from so many bytes on. */
const MIN_PART = 1024 * 1024;
/** What a small file costs beside its content. */
const MEMBER_BYTES = 1024;

/**
 * Brings files by a tar stream that is read here: nothing in it is trusted but the content of the files that were
 * asked for.
 *
 * @param parts - of the wanted files those of which the directory has the beginning
 */
export async function pullByTar(
  pull: TarPull,
  wanted: ReadonlyMap<string, TreeEntry>,
  parts: readonly string[],
): Promise<TarArrival> {
  const pace = new TransferPace((await pull.host.isNarrow?.(pull.watch.signal)) === true);
  const missing = new Map(wanted);
  for (const path of parts) {
    const entry = wanted.get(path);
    if (entry && (await fetchRest(pull, entry, pace))) missing.delete(path);
  }
  if (missing.size === 0) return { sums: new Map(), skipped: [] };
  return pace.isLimited ? fetchInPieces(pull, missing, pace) : fetchAll(pull, missing);
}

/** Lets others have a turn between pieces. */
async function fetchInPieces(
  pull: TarPull,
  wanted: ReadonlyMap<string, TreeEntry>,
  pace: TransferPace,
): Promise<TarArrival> {
  const sums = new Map<string, FileSum>();
  const skipped: SkippedFile[] = [];
  const fetch = async (piece: ReadonlyMap<string, TreeEntry>): Promise<void> => {
    const arrival = await pace.timed(() => fetchAll({ ...pull, roots: undefined }, piece));
    for (const [path, sum] of arrival.sums) sums.set(path, sum);
    skipped.push(...arrival.skipped);
  };
  let piece = new Map<string, TreeEntry>();
  let bytes = 0;
  for (const [path, entry] of wanted) {
    if (entry.size > pace.bytes) {
      mkdirSync(dirname(join(pull.intoDir, path)), { recursive: true });
      writeFileSync(join(pull.intoDir, path), '');
      const isWhole = await fetchRanges(pull, entry, 0, pace);
      if (!isWhole) skipped.push({ path, reason: 'unreadable', detail: 'did not come whole' });
      continue;
    }
    piece.set(path, entry);
    bytes += entry.size + MEMBER_BYTES;
    if (bytes < pace.bytes) continue;
    await fetch(piece);
    piece = new Map();
    bytes = 0;
  }
  if (piece.size > 0) await fetch(piece);
  return { sums, skipped };
}

async function fetchAll(pull: TarPull, wanted: ReadonlyMap<string, TreeEntry>): Promise<TarArrival> {
  const { host, remoteDir, watch, tools, roots } = pull;
  const sink = new ArrivingFiles(pull.intoDir, wanted, pull.maxSize);
  const argv = ['/bin/sh', '-c', tarScript, 'sh', remoteDir, ...packOptions[tools.tar ?? 'busybox']];
  const names = toNulList(roots ?? wanted.keys());
  const program = await startWatched(host, argv, watch);
  const { process, stderr } = program;
  process.stdin.end(names);
  try {
    await readTar(chunksOf(process.stdout), sink);
  } catch (error) {
    await sink.abandon();
    throw await brokenOff(host, program, watch, error);
  }
  const end = await process.ended;
  watch.signal.throwIfAborted();
  // 1, 2 and xargs' 123: some files could not be read, which shows by their absence.
  if (end.kind !== 'exited' || ![0, 1, 2, 123].includes(end.exitCode))
    throw failedTool(host, WHAT, ['tar', remoteDir], end, stderr());
  return { sums: sink.arrived, skipped: sink.skipped };
}

/** Goes on with a file whose beginning is here, if the host's file still begins so. */
async function fetchRest(pull: TarPull, entry: TreeEntry, pace: TransferPace): Promise<boolean> {
  const { tools, intoDir } = pull;
  const file = join(intoDir, entry.path);
  const { size } = statSync(file);
  if (size < MIN_PART || size >= entry.size || tools.sha256 === undefined) return false;
  const digest = createHash('sha256');
  await pipeline(createReadStream(file), digest);
  const check = { sum: tools.sha256, is: digest.digest('hex') };
  return fetchRanges(pull, entry, size, pace, check);
}

/**
 * Appends to a file what is missing of it, in pieces where the host needs them.
 *
 * @param from - so much of it is here
 * @param check - what the sum of that has to be there
 * @returns whether all of it is here now; what became of it meanwhile shows in the comparison
 */
async function fetchRanges(
  pull: TarPull,
  entry: TreeEntry,
  from: number,
  pace: TransferPace,
  check?: { readonly sum: readonly string[]; readonly is: string },
): Promise<boolean> {
  const { host, remoteDir, intoDir, watch } = pull;
  const file = join(intoDir, entry.path);
  let question = check;
  for (let at = from; at < entry.size;) {
    const count = Math.min(pace.bytes, entry.size - at);
    const args = [remoteDir, `./${entry.path}`, at, question?.is ?? '', count].map(String);
    const argv = ['/bin/sh', '-c', rangeScript(question?.sum ?? []), 'sh', ...args];
    const came = await pace.timed(() => appendOutput(host, argv, file, watch));
    if (came !== count) return false;
    at += came;
    question = undefined;
  }
  utimesSync(file, entry.mtimeSec, entry.mtimeSec);
  return true;
}

/** @returns how many bytes came */
async function appendOutput(
  host: StreamHost,
  argv: readonly string[],
  file: string,
  watch: TransferWatch,
): Promise<number> {
  const program = await startWatched(host, argv, watch);
  const { process } = program;
  process.stdin.end();
  let came: number;
  try {
    came = await append(file, process.stdout);
  } catch (error) {
    throw await brokenOff(host, program, watch, error);
  }
  const end = await process.ended;
  watch.signal.throwIfAborted();
  if (end.kind === 'lost') throw lostConnection(host, WHAT, end.reason);
  return came;
}

async function append(file: string, output: Readable): Promise<number> {
  const handle = await open(file, 'a');
  try {
    let came = 0;
    for await (const chunk of chunksOf(output)) {
      await handle.writeFile(chunk);
      came += chunk.length;
    }
    return came;
  } finally {
    await handle.close();
  }
}

/** Ends a program whose output cannot be taken any more: it would wait for its reader for ever. @returns what to throw */
async function brokenOff(
  host: StreamHost,
  { process, stop }: WatchedProgram,
  watch: TransferWatch,
  error: unknown,
): Promise<unknown> {
  stop();
  const end = await process.ended;
  watch.signal.throwIfAborted();
  // A program that is let go of here may end as if the connection had been lost.
  return end.kind === 'lost' && !isNoRoomCode(error) ? lostConnection(host, WHAT, end.reason) : error;
}

interface WatchedProgram {
  readonly process: HostProcess;
  readonly stderr: () => string;
  /** Lets go of it. */
  readonly stop: () => void;
}

/** Starts a program whose output counts as what is transferred. */
async function startWatched(
  host: StreamHost,
  argv: readonly string[],
  watch: TransferWatch,
): Promise<WatchedProgram> {
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

/** Formats without holes; and GNU tar is not to take a backslash in a name for an escape. */
const packOptions = {
  gnu: ['--format=gnu', '--no-unquote'],
  bsd: ['--format=gnutar'],
  busybox: [],
} as const;

// The environment may tell GNU tar to compress, and macOS's to add files of its own.
const tarScript = `cd "$1" || exit 3; shift
unset TAR_OPTIONS; COPYFILE_DISABLE=1; export COPYFILE_DISABLE
exec xargs -0 tar "$@" -cf -`;

/** Prints $5 bytes of the file $2 from the offset $3; with a tool for sums only if what is before it has the sum $4. */
function rangeScript(sum: readonly string[]): string {
  const check = `sum=$(head -c "$3" "$2" | ${sum.join(' ')}); [ "\${sum%% *}" = "$4" ] || exit 9`;
  return `cd "$1" || exit 3
[ -f "$2" ] && [ ! -h "$2" ] || exit 9
${sum.length > 0 ? check : ''}
tail -c "+$(($3 + 1))" "$2" | head -c "$5"`;
}
