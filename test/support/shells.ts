import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from './requirement';

/** A shell that the runner must work in. */
export interface Shell {
  readonly name: string;
  /** Its path, given a directory where a link may be made. */
  readonly path: (dir: string) => string;
}

/** The shells of this machine that stand for all: Debian's, GNU's and BusyBox's. */
export function shellsHere(): Shell[] {
  const plain = ['dash', 'bash'].flatMap((name) => {
    const found = findCommand(name);
    return found === undefined ? [] : { name, path: () => found };
  });
  const busybox = findCommand('busybox');
  return busybox === undefined
    ? plain
    : [...plain, { name: 'busybox ash', path: (dir) => link(busybox, dir) }];
}

/** BusyBox is the program by whose name it is called. */
function link(busybox: string, dir: string): string {
  mkdirSync(join(dir, 'bin'), { recursive: true });
  const ash = join(dir, 'bin', 'ash');
  symlinkSync(busybox, ash);
  return ash;
}
