/** A member of a tar stream: a plain file with a name of our own making, at most 99 characters of ASCII. */
export interface TarMember {
  readonly name: string;
  readonly size: number;
  readonly isExecutable?: boolean;
  /** Exactly `size` bytes. */
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

const BLOCK = 512;

/**
 * Writes members as a tar stream that every tar reads.
 *
 * @throws Error when a member has more or fewer bytes than it said, e.g. a file that changes
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 */
export async function* writeTar(
  members: AsyncIterable<TarMember> | Iterable<TarMember>,
): AsyncGenerator<Uint8Array> {
  for await (const member of members) {
    yield header(member);
    let written = 0;
    for await (const chunk of member.bytes) {
      written += chunk.length;
      if (written > member.size) break;
      yield chunk;
    }
    if (written !== member.size) throw new Error(`${member.name} changed while it was read`);
    yield Buffer.alloc((BLOCK - (member.size % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

function header({ name, size, isExecutable }: TarMember): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 100, 'latin1');
  block.write(isExecutable === true ? '0000755\0' : '0000644\0', 100, 'latin1');
  block.write('0000000\0'.repeat(2), 108, 'latin1');
  writeSize(block, size);
  block.write('00000000000\0', 136, 'latin1');
  block.write('        ', 148, 'latin1');
  block.write('0', 156, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** Eleven octal digits; from 8 GiB on the binary form, which GNU, BSD and BusyBox read. */
function writeSize(block: Buffer, size: number): void {
  if (size < 8 ** 11) block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  else {
    block[124] = 0x80;
    block.writeBigUInt64BE(BigInt(size), 128);
  }
}
