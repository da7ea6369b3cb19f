/** One field of a message in protocol buffers. Numbers of 32 and 64 bits are left as bytes. */
export interface ProtoField {
  readonly number: number;
  /** Of fields of the kind varint. Exact up to 2^53. */
  readonly varint: number;
  /** Of all other kinds. */
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array();

/**
 * The fields of a message, in their order. Ends quietly where the message makes no sense.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function* readFields(message: Uint8Array): Generator<ProtoField, void, undefined> {
  const reader = new ProtoReader(message);
  while (reader.offset < message.length) {
    const key = reader.varint();
    const number = Math.floor(key / 8);
    const kind = key % 8;
    if (number === 0) return;
    if (kind === 0) yield { number, varint: reader.varint(), bytes: NOTHING };
    else {
      const length = kind === 1 ? 8 : kind === 5 ? 4 : kind === 2 ? reader.varint() : NaN;
      const bytes = reader.take(length);
      if (!bytes) return;
      yield { number, varint: 0, bytes };
    }
  }
}

class ProtoReader {
  offset = 0;

  constructor(private readonly bytes: Uint8Array) {}

  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.bytes[this.offset++];
      if (byte === undefined) return value;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }

  take(length: number): Uint8Array | undefined {
    const end = this.offset + length;
    if (!(end <= this.bytes.length)) return undefined;
    const taken = this.bytes.subarray(this.offset, end);
    this.offset = end;
    return taken;
  }
}
