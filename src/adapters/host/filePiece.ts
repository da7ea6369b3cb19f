import type { FilePiece } from '../../core/compute/host';

/** Decodes a piece of a file that began at `start`; a character that is cut off at its end is left for the next piece. */
export function toFilePiece(bytes: Buffer, start: number, end: number): FilePiece {
  const isLast = start + bytes.length >= end;
  const whole = isLast ? bytes.length : bytes.length - cutBytes(bytes);
  return { text: bytes.toString('utf8', 0, whole), next: start + whole, end };
}

/** Bytes at the end that begin a character of UTF-8 and do not finish it. */
function cutBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < charLength(byte) ? back : 0;
  }
  return 0;
}

function charLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}
