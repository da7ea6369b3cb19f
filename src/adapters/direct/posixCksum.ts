const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

/**
 * What `cksum` prints of a file with this content, without the name: checksum and size in bytes. It tells whether a
 * file is as it was written; it is no protection against somebody who wants to deceive.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/cksum.html
 */
export function posixCksum(content: string): string {
  const bytes = new TextEncoder().encode(content);
  let crc = 0;
  for (const byte of bytes) crc = step(crc, byte);
  for (let size = bytes.length; size > 0; size = Math.floor(size / 256)) crc = step(crc, size & 0xff);
  return `${~crc >>> 0} ${bytes.length}`;
}

function step(crc: number, byte: number): number {
  return (crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0);
}
