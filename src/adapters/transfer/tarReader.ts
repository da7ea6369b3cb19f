import { ByteQueue } from './byteQueue';
import { BLOCK, parseHeader, parsePax, type RawHeader, type TarHeader } from './tarFormat';

/** Takes the members of a tar stream. Synchronous where it can be: there may be many small files. */
export interface TarSink {
  /** Whether the content is wanted; otherwise it is passed over. */
  begin(header: TarHeader): boolean;
  content(bytes: Buffer): void | Promise<void>;
  end(): void | Promise<void>;
}

/** Longer names are no names. */
const MAX_HEADER_DATA = 1024 * 1024;

/**
 * Reads a tar stream, or several one after the other, as `xargs tar` writes them: GNU's, POSIX's and what BusyBox
 * makes. Knows nothing of the file system.
 *
 * @throws Error when the stream is no tar or ends inside a member
 */
export async function readTar(source: AsyncIterable<Buffer>, sink: TarSink): Promise<void> {
  const bytes = new ByteQueue(source);
  let long: LongNames = {};
  for (let block = await bytes.take(BLOCK); block; block = await bytes.take(BLOCK)) {
    const raw = parseHeader(block);
    if (!raw) continue;
    if ('LKxg'.includes(raw.type)) long = readLong(raw, await takeData(bytes, raw.size), long);
    else {
      await readMember(bytes, toHeader(raw, long), sink);
      long = {};
    }
  }
}

/** What headers before a member say of it. */
interface LongNames {
  readonly name?: string;
  readonly target?: string;
  readonly size?: number;
  readonly mtimeSec?: number;
  readonly isSparse?: boolean;
}

function readLong({ type }: RawHeader, data: Buffer, before: LongNames): LongNames {
  const text = () => data.toString('utf8').replace(/\0.*$/s, '');
  if (type === 'L') return { ...before, name: text() };
  if (type === 'K') return { ...before, target: text() };
  // A global header only carries comments in what is made here.
  if (type === 'g') return before;
  const pax = parsePax(data);
  const [path, linkpath, size, mtime] = ['path', 'linkpath', 'size', 'mtime'].map((key) => pax.get(key));
  return {
    ...before,
    ...(path !== undefined && { name: path }),
    ...(linkpath !== undefined && { target: linkpath }),
    ...(size !== undefined && { size: Number(size) }),
    ...(mtime !== undefined && { mtimeSec: Math.floor(Number(mtime)) }),
    isSparse: [...pax.keys()].some((key) => key.startsWith('GNU.sparse.')),
  };
}

function toHeader(raw: RawHeader, long: LongNames): TarHeader {
  const isFile = raw.type === '0' || raw.type === '\0' || raw.type === '7';
  const size = long.size ?? raw.size;
  if (!Number.isSafeInteger(size) || size < 0) throw new Error('the tar stream names an impossible size');
  return {
    name: long.name ?? raw.name,
    kind: isFile ? 'file' : raw.type === '5' ? 'directory' : raw.type === '1' ? 'link' : 'other',
    // A link has no content, whatever size old tars write beside it.
    size: '1256'.includes(raw.type) ? 0 : size,
    mtimeSec: long.mtimeSec ?? raw.mtimeSec,
    mode: raw.mode,
    target: long.target ?? raw.target,
    isSparse: long.isSparse === true || raw.type === 'S',
  };
}

async function readMember(bytes: ByteQueue, header: TarHeader, sink: TarSink): Promise<void> {
  const isWanted = sink.begin(header);
  for (let left = header.size; left > 0;) {
    const part = await bytes.takeSome(left);
    left -= part.length;
    if (isWanted) await sink.content(part);
  }
  if (isWanted) await sink.end();
  const rest = (BLOCK - (header.size % BLOCK)) % BLOCK;
  for (let left = rest; left > 0;) left -= (await bytes.takeSome(left)).length;
}

async function takeData(bytes: ByteQueue, size: number): Promise<Buffer> {
  if (size > MAX_HEADER_DATA) throw new Error('a name in the tar stream is too long');
  const padded = Math.ceil(size / BLOCK) * BLOCK;
  const data = padded === 0 ? Buffer.alloc(0) : await bytes.take(padded);
  if (!data) throw new Error('the tar stream ended too early');
  return data.subarray(0, size);
}
