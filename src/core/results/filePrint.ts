import type { AttemptView } from './attemptStart';
import type { FileStamp } from './resultFiles';

/** What some files look like from outside, as one number: another one tells that something changed. */
export class FilePrint {
  private hash = 0x811c9dc5;

  /** @param stamp - undefined for a file that is not there */
  add(path: string, stamp: FileStamp | undefined): void {
    const text = `${path}:${stamp?.size ?? -1}:${stamp?.modifiedMs ?? -1};`;
    // FNV-1a.
    for (let i = 0; i < text.length; i++) this.hash = Math.imul(this.hash ^ text.charCodeAt(i), 0x01000193);
  }

  /** 32 bits; never 0, which can stand for "not looked at". */
  get value(): number {
    return this.hash >>> 0 || 1;
  }
}

/** A print that also tells what else decides which files count: when the attempt began, and how it ended. */
export function printFrom(begin: number, { number, state }: AttemptView): FilePrint {
  const print = new FilePrint();
  if (number > 1) print.add(state, { size: number, modifiedMs: begin });
  return print;
}
