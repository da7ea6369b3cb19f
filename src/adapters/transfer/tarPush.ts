import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { quoteWord } from '../../core/base/shellWord';
import type { StreamHost } from '../host/streamHost';
import { gather, runScript } from './hostScript';
import type { LocalEntry } from './localTree';
import { parentsOf } from './remotePath';
import { END_OF_ARCHIVE, formatHeader, padding } from './tarFormat';
import type { SkippedFile } from './transfer';
import { failedTool } from './transferError';
import type { TransferWatch } from './transferWatch';
import { listTree } from './treeListing';

/** What is to be done with each of the files. */
export interface PushPlan {
  readonly send: readonly LocalEntry[];
  /** The same, by size and time of change, in the earlier copy. */
  readonly link: readonly LocalEntry[];
  readonly unchanged: readonly LocalEntry[];
}

/** Asks the host what it has of the files, by size and time of change. */
export async function planTarPush(
  host: StreamHost,
  entries: readonly LocalEntry[],
  target: { readonly dir: string; readonly linkFrom?: string; readonly isNew?: boolean },
  signal: AbortSignal,
): Promise<PushPlan> {
  const paths = entries.map(({ path }) => path);
  const there =
    target.isNew === true ? new Set<string>() : await findSame(host, target.dir, paths, entries, signal);
  const earlier =
    target.linkFrom === undefined
      ? new Set<string>()
      : await findSame(host, target.linkFrom, paths, entries, signal);
  const unchanged = entries.filter(({ path }) => there.has(path));
  const link = entries.filter(({ path }) => !there.has(path) && earlier.has(path));
  return { unchanged, link, send: entries.filter(({ path }) => !there.has(path) && !earlier.has(path)) };
}

/** Sends files as a tar stream that the host's tar unpacks; parents are made. */
export async function pushByTar(
  host: StreamHost,
  localDir: string,
  entries: readonly LocalEntry[],
  remoteDir: string,
  watch: TransferWatch,
): Promise<SkippedFile[]> {
  const skipped: SkippedFile[] = [];
  if (entries.length === 0) return skipped;
  const process = await host.start(['/bin/sh', '-c', unpackScript, 'sh', remoteDir], watch.signal);
  const stderr = gather(process.stderr, 64 * 1024);
  process.stdout.resume();
  const counted = count(batch(writeTar(localDir, entries, skipped)), watch);
  // When tar ends early its input breaks; what it says of that is better than what the pipe says.
  const broken = await pipeline(counted, process.stdin, { signal: watch.signal }).then(
    () => undefined,
    (error: unknown) => error,
  );
  const end = await process.ended;
  watch.signal.throwIfAborted();
  if (end.kind === 'exited' && end.exitCode === 0 && broken === undefined) return skipped;
  if (end.kind === 'exited' && end.exitCode === 0) throw broken as Error;
  throw failedTool(host, 'sending files', ['tar', remoteDir], end, stderr().toString('utf8'));
}

/** Makes hard links to files of an earlier copy on the host. False: not all could be made. */
export async function linkThere(
  host: StreamHost,
  entries: readonly LocalEntry[],
  { linkFrom, dir }: { readonly linkFrom: string; readonly dir: string },
  signal: AbortSignal,
): Promise<boolean> {
  if (entries.length === 0) return true;
  const stdin = Buffer.from(linkScript(entries.map(({ path }) => path)));
  const task = {
    script: 'exec /bin/sh -s "$@"',
    args: [linkFrom, dir],
    stdin,
    what: 'linking unchanged files',
  };
  const { end } = await runScript(host, task, signal);
  return end.kind === 'exited' && end.exitCode === 0;
}

/** One call for each directory: `ln` takes many files for one place. */
function linkScript(paths: readonly string[]): string {
  const byDir = new Map<string, string[]>();
  for (const path of paths) {
    const dir = path.slice(0, path.lastIndexOf('/') + 1);
    byDir.set(dir, [...(byDir.get(dir) ?? []), path]);
  }
  const dirs = new Set(paths.flatMap(parentsOf));
  const lines = ['set -e', 'from=$1 to=$2', 'mkdir -p "$to"'];
  for (const group of slices([...dirs]))
    lines.push(`mkdir -p ${group.map((dir) => `"$to"/${quoteWord(dir)}`).join(' ')}`);
  for (const [dir, files] of byDir)
    for (const group of slices(files))
      lines.push(
        `ln -f ${group.map((path) => `"$from"/${quoteWord(path)}`).join(' ')} "$to"/${quoteWord(dir)}`,
      );
  return lines.map((line) => `${line}\n`).join('');
}

/** So many that no command line becomes too long. */
function slices(all: readonly string[]): string[][] {
  const size = 100;
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

async function findSame(
  host: StreamHost,
  dir: string,
  paths: readonly string[],
  entries: readonly LocalEntry[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const { entries: listed } = await listTree(host, dir, paths, signal);
  const there = new Map(listed.map((entry) => [entry.path, entry]));
  const isSame = ({ path, kind, size, mtimeSec }: LocalEntry) => {
    const other = there.get(path);
    if (kind === 'directory') return other?.kind === 'directory';
    return kind === 'file' && other?.kind === 'file' && other.size === size && other.mtimeSec === mtimeSec;
  };
  return new Set(entries.filter(isSame).map(({ path }) => path));
}

async function* writeTar(
  dir: string,
  entries: readonly LocalEntry[],
  skipped: SkippedFile[],
): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    if (entry.kind === 'file') yield* writeFile(dir, entry, skipped);
    else {
      const kind = entry.kind === 'directory' ? 'directory' : 'link';
      yield formatHeader({ ...entry, name: memberName(entry.path), kind });
    }
  }
  yield END_OF_ARCHIVE;
}

/** The header says how many bytes follow, so exactly so many do, whatever becomes of the file meanwhile. */
async function* writeFile(dir: string, entry: LocalEntry, skipped: SkippedFile[]): AsyncGenerator<Buffer> {
  const { path } = entry;
  let file;
  try {
    file = await open(join(dir, path), 'r');
  } catch (error) {
    skipped.push({ path, reason: 'unreadable', detail: String(error) });
    return;
  }
  try {
    const { size } = await file.stat();
    yield formatHeader({ ...entry, name: memberName(path), kind: 'file', size });
    let left = size;
    while (left > 0) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(left, CHUNK)));
      if (bytesRead === 0) break;
      left -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
    if (left > 0) {
      skipped.push({ path, reason: 'unreadable', detail: 'became shorter while it was sent' });
      for (; left > 0; left -= CHUNK) yield Buffer.alloc(Math.min(left, CHUNK));
    }
    yield padding(size);
  } finally {
    await file.close();
  }
}

/** bsdtar takes the beginning of `a:b` for a drive and drops it. */
function memberName(path: string): string {
  return `./${path}`;
}

const CHUNK = 256 * 1024;

/** Joins small pieces: a packet for each header would cost more than its bytes. */
async function* batch(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    size += piece.length;
    if (size < CHUNK / 2) continue;
    yield Buffer.concat(waiting);
    [waiting, size] = [[], 0];
  }
  yield Buffer.concat(waiting);
}

async function* count(pieces: AsyncIterable<Buffer>, watch: TransferWatch): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    yield piece;
    watch.moved(piece.length);
  }
}

const unpackScript = `mkdir -p "$1" && cd "$1" || exit 1
unset TAR_OPTIONS
exec tar -xopf -`;
