import {
  closeSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
  appendFileSync,
} from 'node:fs';
import type { Random } from '../simulation/random';

/** What a crash of the machine, a broken disk or a sync tool does to a file of lines. */
export const DAMAGES = {
  /** The last line lost its end. */
  torn(file: string, random: Random): void {
    const text = readFileSync(file);
    const lastLine = text.lastIndexOf(10, text.length - 2) + 1;
    inPlace(file, (handle) => {
      ftruncateSync(handle, random.int(lastLine + 1, text.length - 1));
    });
  },
  /** A block reads as zeros. */
  zeroed(file: string, random: Random): void {
    const { size } = statSync(file);
    const length = random.int(1, Math.max(1, Math.floor(size / 3)));
    const start = random.int(0, size - length);
    inPlace(file, (handle) => writeSync(handle, Buffer.alloc(length), 0, length, start));
  },
  /** The end is there twice. */
  repeated(file: string, random: Random): void {
    const text = readFileSync(file);
    appendFileSync(file, text.subarray(random.int(0, text.length - 1)));
  },
} as const;

export type Damage = keyof typeof DAMAGES;

/** On the same inode, as whoever holds the file open sees it. */
function inPlace(file: string, change: (handle: number) => void): void {
  const handle = openSync(file, 'r+');
  try {
    change(handle);
  } finally {
    closeSync(handle);
  }
}
