import { END_OF_ARCHIVE, formatHeader, padding } from '../transfer/tarFormat';

/** A member of a tar stream: a plain file with a name of our own making, at most 99 characters of ASCII. */
export interface TarMember {
  readonly name: string;
  readonly size: number;
  readonly isExecutable?: boolean;
  /** Exactly `size` bytes. */
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * Writes members as a tar stream that every tar reads.
 *
 * @throws Error when a member has more or fewer bytes than it said, e.g. a file that changes
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 */
export async function* writeTar(
  members: AsyncIterable<TarMember> | Iterable<TarMember>,
): AsyncGenerator<Uint8Array> {
  let gathered: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces(members)) {
    gathered.push(piece);
    size += piece.length;
    if (size < PIECE_BYTES) continue;
    yield Buffer.concat(gathered);
    [gathered, size] = [[], 0];
  }
  yield Buffer.concat(gathered);
}

/** Thousands of small pieces would cost more than what is in them. */
const PIECE_BYTES = 1 << 16;

async function* pieces(members: AsyncIterable<TarMember> | Iterable<TarMember>): AsyncGenerator<Uint8Array> {
  for await (const member of members) {
    const mode = member.isExecutable === true ? 0o755 : 0o644;
    yield formatHeader({ name: member.name, kind: 'file', size: member.size, mode, mtimeSec: 0, target: '' });
    let written = 0;
    for await (const chunk of member.bytes) {
      written += chunk.length;
      if (written > member.size) break;
      yield chunk;
    }
    if (written !== member.size) throw new Error(`${member.name} changed while it was read`);
    yield padding(member.size);
  }
  yield END_OF_ARCHIVE;
}
