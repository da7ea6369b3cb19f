import type { ResultFiles } from './resultFiles';

const CHUNK_BYTES = 256 * 1024;
/** No row of a log is longer; what is, is cut. */
const MAX_LINE = 1024 * 1024;

/** Of a longer file its beginning and its end are read, each half of this. */
export const MAX_LOG_BYTES = 64 * 1024 * 1024;

/** Whole lines of a text file. */
export interface LinePiece {
  readonly lines: readonly string[];
  /** The last line has no end: it is being written, or the file simply ends so. */
  readonly torn: boolean;
  /** Lines between the piece before and this one were left out. */
  readonly skipped: boolean;
}

/** The lines of a text file, piece by piece, in bounded memory. Bytes that are not UTF-8 become U+FFFD. */
export async function* readLines(
  files: ResultFiles,
  path: string,
  maxBytes = MAX_LOG_BYTES,
): AsyncGenerator<LinePiece, void, undefined> {
  const size = (await files.stat(path))?.size ?? 0;
  if (size <= maxBytes) {
    yield* linesBetween(files, path, 0, size, false);
    return;
  }
  yield* linesBetween(files, path, 0, maxBytes / 2, false);
  yield* linesBetween(files, path, size - maxBytes / 2, size, true);
}

async function* linesBetween(
  files: ResultFiles,
  path: string,
  start: number,
  end: number,
  skipped: boolean,
): AsyncGenerator<LinePiece, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  let skip = skipped;
  for (let offset = start; offset < end;) {
    const bytes = await files.readBytes(path, offset, Math.min(CHUNK_BYTES, end - offset));
    if (!bytes || bytes.length === 0) break;
    offset += bytes.length;
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = (lines.pop() ?? '').slice(0, MAX_LINE);
    // The first line after a gap is the rest of one.
    if (skip) lines.shift();
    if (lines.length === 0) continue;
    yield { lines, torn: false, skipped: skip };
    skip = false;
  }
  if (rest !== '' && !skip) yield { lines: [rest], torn: true, skipped: false };
}
