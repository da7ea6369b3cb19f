/** Everything in a tar file stands in blocks of this many bytes. */
export const BLOCK = 512;

/** One member of a tar file, without its content. */
export interface TarHeader {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  readonly mtimeSec: number;
  /** Permission bits. */
  readonly mode: number;
  /** What a hard or symbolic link points to. */
  readonly target: string;
  /** Whether what stands is the content itself, and not GNU's or pax's way to write holes. */
  readonly isSparse: boolean;
}

/** A header block as it stands; `type` tells what follows. */
export interface RawHeader {
  readonly type: string;
  readonly name: string;
  readonly size: number;
  readonly mtimeSec: number;
  readonly mode: number;
  readonly target: string;
}

/**
 * Reads a header block.
 *
 * @returns undefined for a block of zeros, which ends an archive
 * @throws Error when the block is no header
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06
 */
export function parseHeader(block: Buffer): RawHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (readNumber(block, 148, 8) !== checksum(block)) throw new Error('a header of the tar stream is damaged');
  const prefix =
    block.toString('latin1', 257, 262) === 'ustar' && block[262] === 0 ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    type: String.fromCharCode(block[156] ?? 0),
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: readNumber(block, 124, 12),
    mtimeSec: readNumber(block, 136, 12),
    mode: readNumber(block, 100, 8) & 0o7777,
    target: text(block, 157, 100),
  };
}

/** Attributes of a pax header: `30 mtime=1763812345.1234\n…`, each with its own length before it. */
export function parsePax(bytes: Buffer): Map<string, string> {
  const attributes = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(' ', at);
    const length = Number(bytes.toString('latin1', at, space));
    if (space < 0 || !(length > space - at)) break;
    const pair = bytes.toString('utf8', space + 1, at + length - 1);
    attributes.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    at += length;
  }
  return attributes;
}

/**
 * The blocks before a member's content. Names longer than the field stand before it in GNU's way, which GNU tar,
 * bsdtar and BusyBox know; pax headers are not known to BusyBox.
 */
export function formatHeader(header: Omit<TarHeader, 'isSparse'>): Buffer {
  const name = Buffer.from(header.kind === 'directory' ? `${header.name}/` : header.name);
  const target = Buffer.from(header.target);
  const type = { file: '0', directory: '5', link: '2', other: '0' }[header.kind];
  return Buffer.concat([
    longText('L', name),
    longText('K', target),
    block(type, name, target, header.mode, header.size, header.mtimeSec),
  ]);
}

/** Zeros up to the next block. */
export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

export const END_OF_ARCHIVE = Buffer.alloc(2 * BLOCK);

function longText(type: 'L' | 'K', bytes: Buffer): Buffer {
  if (bytes.length <= 100) return Buffer.alloc(0);
  const content = Buffer.concat([bytes, Buffer.alloc(1)]);
  const head = block(type, Buffer.from('././@LongLink'), Buffer.alloc(0), 0o644, content.length, 0);
  return Buffer.concat([head, content, padding(content.length)]);
}

function block(
  type: string,
  name: Buffer,
  target: Buffer,
  mode: number,
  size: number,
  mtimeSec: number,
): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  name.copy(bytes, 0, 0, 100);
  bytes.write(octal(mode, 7), 100);
  bytes.write(octal(0, 7), 108);
  bytes.write(octal(0, 7), 116);
  writeNumber(bytes, 124, size);
  writeNumber(bytes, 136, Math.max(0, mtimeSec));
  bytes.write(type, 156);
  target.copy(bytes, 157, 0, 100);
  // GNU's own mark, because of the long names.
  bytes.write('ustar  \0', 257, 'latin1');
  bytes.write(`${octal(checksum(bytes), 6)}\0 `, 148, 'latin1');
  return bytes;
}

/** The sum of all bytes, the field of the sum itself counted as spaces. */
function checksum(bytes: Buffer): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK; at += 1) if (at < 148 || at >= 156) sum += bytes[at] ?? 0;
  return sum;
}

/** Octal digits, or, with the first bit set, a binary number: for 8 GiB and more. */
function readNumber(bytes: Buffer, at: number, length: number): number {
  const first = bytes[at] ?? 0;
  if (first & 0x80) {
    let value = first & 0x7f;
    for (let index = 1; index < length; index += 1) value = value * 256 + (bytes[at + index] ?? 0);
    if (!Number.isSafeInteger(value)) throw new Error('a number in the tar stream is too large');
    return value;
  }
  const digits = text(bytes, at, length).trim();
  return digits === '' ? 0 : parseInt(digits, 8);
}

function writeNumber(bytes: Buffer, at: number, value: number): void {
  if (value < 0o77777777777) {
    bytes.write(octal(value, 11), at);
    return;
  }
  bytes[at] = 0x80;
  bytes.writeBigUInt64BE(BigInt(value), at + 4);
}

function octal(value: number, digits: number): string {
  return Math.floor(value).toString(8).padStart(digits, '0');
}

function text(bytes: Buffer, at: number, length: number): string {
  const end = bytes.subarray(at, at + length).indexOf(0);
  return bytes.toString('utf8', at, end < 0 ? at + length : at + end);
}
