import { execFile } from 'node:child_process';
import { createHash, hash, randomBytes } from 'node:crypto';
import { createReadStream, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { HsmError } from '../../core/base/errors';
import type { StreamHost } from '../host/streamHost';
import type { FileSum } from './fileSum';
import { runScript, toNulList } from './hostScript';
import type { Difference } from './transfer';
import { failedTool } from './transferError';
import type { TransferTools } from './transferTools';
import { parseRecord, walkScript } from './treeListing';

/** Reading and hashing all that a sweep wrote may take this long. */
const TIMEOUT_MS = 6 * 3600 * 1000;
/** Takes less than a second to hash. */
export const LITTLE_BYTES = 64 * 1024 * 1024;
/** So much is hashed in some seconds. */
export const PIECE_BYTES = 2 * 1024 ** 3;

/** See `FileTransfer.verify`. */
export async function findDifferences(
  host: StreamHost,
  tools: TransferTools,
  dirs: { readonly remoteDir: string; readonly localDir: string },
  files: readonly string[],
  signal: AbortSignal,
): Promise<Difference[]> {
  if (files.length === 0) return [];
  const isNarrow = (await host.isNarrow?.(signal)) === true;
  const there = isNarrow
    ? sumInPieces(host, tools, dirs.remoteDir, withSizes(dirs.localDir, files), signal)
    : sumThere(host, tools, dirs.remoteDir, files, signal);
  return compareWith(there, new Map(), dirs.localDir, files, signal);
}

/**
 * Compares files here with what stands in them there, and sees to it that they are on this machine's disk.
 *
 * @param known - sums of files here that need not be read for it
 */
export async function compareWith(
  there: Promise<ReadonlyMap<string, FileSum>>,
  known: ReadonlyMap<string, FileSum>,
  localDir: string,
  files: readonly string[],
  signal: AbortSignal,
): Promise<Difference[]> {
  const readable = async (): Promise<ReadonlyMap<string, FileSum>> => {
    const rest = files.filter((path) => !known.has(path));
    const sums = await sumHere(localDir, rest, signal);
    await flush(localDir);
    return sums;
  };
  const [far, read] = await Promise.all([there, readable()]);
  return files.flatMap((path) => difference(path, known.get(path) ?? read.get(path), far.get(path)) ?? []);
}

function difference(
  path: string,
  here: FileSum | undefined,
  there: FileSum | undefined,
): Difference | undefined {
  if (!here) return { path, kind: 'missing here' };
  if (!there) return { path, kind: 'missing there' };
  if (here.size !== there.size) return { path, kind: 'size' };
  return here.sha256 === there.sha256 ? undefined : { path, kind: 'content' };
}

/**
 * See `FileTransfer.sums`.
 *
 * @param isBrief - there is little to read
 */
export async function sumThere(
  host: StreamHost,
  { sha256 }: TransferTools,
  dir: string,
  files: readonly string[],
  signal: AbortSignal,
  isBrief = false,
): Promise<Map<string, FileSum>> {
  if (!sha256) throw noSumTool(host);
  const mark = randomBytes(12).toString('hex');
  const stdin = toNulList(files);
  const what = 'comparing what was copied';
  const args = [dir, mark, sumScript, walkScript, ...sha256];
  const output = await runScript(
    host,
    { script: verifyScript, args, stdin, what, timeoutMs: TIMEOUT_MS, isBrief },
    signal,
  );
  const sums = parseSums(output.stdout.toString('utf8'), mark);
  if (!sums) throw failedTool(host, what, sha256, output.end, output.stderr);
  return sums;
}

/** A file to be hashed there, and about how large it is. */
interface SizedFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** As {@link sumThere}, for a host whose connection carries one thing at a time: others have their turn between pieces. */
export async function sumInPieces(
  host: StreamHost,
  tools: TransferTools,
  dir: string,
  files: readonly SizedFile[],
  signal: AbortSignal,
  pieceBytes = PIECE_BYTES,
): Promise<Map<string, FileSum>> {
  const sums = new Map<string, FileSum>();
  for (const { names, bytes } of piecesOf(files, pieceBytes)) {
    const piece = await sumThere(host, tools, dir, names, signal, bytes <= LITTLE_BYTES);
    for (const [path, sum] of piece) sums.set(path, sum);
  }
  return sums;
}

function piecesOf(
  files: readonly SizedFile[],
  pieceBytes: number,
): { readonly names: string[]; readonly bytes: number }[] {
  const pieces: { names: string[]; bytes: number }[] = [];
  let last: { names: string[]; bytes: number } | undefined;
  for (const { path, size } of files) {
    if (!last || last.bytes + size > pieceBytes) pieces.push((last = { names: [], bytes: 0 }));
    last.names.push(path);
    last.bytes += size;
  }
  return pieces;
}

/** As they are here: the other side has the same, or a difference. */
function withSizes(dir: string, files: readonly string[]): SizedFile[] {
  return files.map((path) => ({
    path,
    size: lstatSync(join(dir, path), { throwIfNoEntry: false })?.size ?? 0,
  }));
}

/**
 * For each batch of files: records as in a listing, then one with the lines of the sum tool, `<64 digits>  ./path`, in
 * which a line with a backslash before it has `\n` and `\\` in its name. At last `end|mark`.
 *
 * @returns undefined when the last record is missing
 */
export function parseSums(text: string, mark: string): Map<string, FileSum> | undefined {
  const records = text.split(`|${mark}\n`);
  if (records.pop() !== '' || records.pop() !== 'end') return undefined;
  const sizes = new Map<string, number>();
  const sums = new Map<string, string>();
  for (const record of records) {
    const entry = parseRecord(record);
    if (entry?.kind === 'file') sizes.set(entry.path, entry.size);
    if (!entry && !record.startsWith('='))
      for (const [path, sum] of parseSumLines(record)) sums.set(path, sum);
  }
  return new Map(
    [...sizes].flatMap(([path, size]) => {
      const sha256 = sums.get(path);
      return sha256 === undefined ? [] : [[path, { size, sha256 }] as const];
    }),
  );
}

/** A name with a line break that the tool does not escape goes on in the next line. */
function parseSumLines(text: string): Map<string, string> {
  const rows = text.split(/\n(?=\\?[0-9a-f]{64} [ *]\.\/)/);
  return new Map(
    rows.flatMap((row) => {
      const found = /^(\\?)([0-9a-f]{64}) [ *]\.\/(.*?)\n?$/s.exec(row);
      if (!found) return [];
      const [, escaped, sum = '', name = ''] = found;
      return [[escaped === '' ? name : unescape(name), sum] as const];
    }),
  );
}

function unescape(name: string): string {
  return name.replace(/\\(.)/g, (_, letter: string) => ({ n: '\n', r: '\r' })[letter] ?? letter);
}

async function sumHere(
  dir: string,
  files: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, FileSum>> {
  const sums = new Map<string, FileSum>();
  let sinceTurn = 0;
  for (const path of files) {
    const file = join(dir, path);
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) continue;
    const sha256 = stat.size <= SMALL ? hashNow(file) : await hashByStream(file, signal);
    sums.set(path, { size: stat.size, sha256 });
    // Other work of this process gets its turn.
    sinceTurn += stat.size + 4096;
    if (sinceTurn < SMALL) continue;
    await setImmediate();
    signal.throwIfAborted();
    sinceTurn = 0;
  }
  return sums;
}

/** Opening a stream costs more than reading so much. */
const SMALL = 1024 * 1024;

function hashNow(file: string): string {
  return hash('sha256', readFileSync(file), 'hex');
}

async function hashByStream(file: string, signal: AbortSignal): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: SMALL }), digest, { signal });
  return digest.digest('hex');
}

/** What is compared may lie in memory only; before its other copy is removed it must be on the disk. */
function flush(dir: string): Promise<void> {
  if (process.platform === 'win32') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const args = process.platform === 'linux' ? ['-f', dir] : [];
    execFile('sync', args, { timeout: 300_000 }, (error) => {
      if (error)
        reject(
          new HsmError('disk.unwritable', `${dir} cannot be flushed to its disk: ${error.message}`, {
            path: dir,
          }),
        );
      else resolve();
    });
  });
}

function noSumTool(host: StreamHost): HsmError {
  return new HsmError(
    'source.unavailable',
    `${host.label} has no sha256sum, shasum or openssl, so what was collected cannot be verified.`,
    { source: host.label, hint: 'Install coreutils there, or leave `cleanup: never`.' },
  );
}

const verifyScript = `dir=$1 mark=$2 sum=$3 walk=$4; shift 4
if cd "$dir" 2>/dev/null; then xargs -0 /bin/sh -c "$sum" sh "$mark" "$walk" "$*"; fi
printf 'end|%s\\n' "$mark"`;

// Of plain files only: a pipe would never end.
const sumScript = `mark=$1 walk=$2 tool=$3; shift 3
/bin/sh -c "$walk" sh "$mark" "$@"
find "$@" -type f -exec $tool {} +
printf '|%s\\n' "$mark"`;
