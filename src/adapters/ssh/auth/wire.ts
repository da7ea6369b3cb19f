/** Bytes or text with their length before them, as SSH writes strings. @see RFC 4251, 5 */
export function wireString(value: Uint8Array | string): Buffer {
  const content = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([wireNumber(content.length), content]);
}

/** A number of four bytes. */
export function wireNumber(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A positive number as SSH writes big ones: no zeros before it, but one where the first bit is set. */
export function wireBigNumber(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const trimmed = bytes.subarray(start);
  const needsZero = ((trimmed[0] ?? 0) & 0x80) !== 0;
  return wireString(needsZero ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
}

/** Reads a message piece by piece. Every read throws a RangeError past the end. */
export class WireReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  number(): number {
    const value = this.bytes.readUInt32BE(this.at);
    this.at += 4;
    return value;
  }

  string(): Buffer {
    const length = this.number();
    if (this.at + length > this.bytes.length) throw new RangeError('the message ends too early');
    this.at += length;
    return Buffer.from(this.bytes.subarray(this.at - length, this.at));
  }

  text(): string {
    return this.string().toString('utf8');
  }

  skip(count: number): void {
    this.at += count;
  }
}
