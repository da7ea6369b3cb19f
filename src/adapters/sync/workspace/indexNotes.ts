import { readFile } from 'node:fs/promises';
import type { Side } from '../../../core/sync/backup';
import { replaceFile } from './replaceFile';

/** What an index says of files that `git status` passes over. Paths are relative to the project. */
export interface IndexNotes {
  /** Left out of the working tree by a sparse checkout, or marked like that (`--skip-worktree`). */
  readonly hidden: readonly string[];
  /** There, and git was told not to look at them. */
  readonly unwatched: readonly string[];
  readonly submodules: readonly string[];
}

/**
 * Reads `git ls-files -v -s -z`: `H 100644 9daeafb… 0\ttrain.py`, tags `S` sparse, lower case assumed to be unchanged. An
 * index may have a hundred thousand entries, of which most are plain.
 */
export function parseIndex(listed: Buffer): IndexNotes {
  const notes = { hidden: [] as string[], unwatched: [] as string[], submodules: [] as string[] };
  for (let start = 0; start < listed.length;) {
    const end = listed.indexOf(0, start);
    const stop = end < 0 ? listed.length : end;
    const tag = String.fromCharCode(listed[start] ?? 0);
    const isSubmodule = listed.toString('latin1', start + 2, start + 4) === '16';
    if (tag !== 'H' || isSubmodule) {
      const path = listed.toString('utf8', listed.indexOf(9, start) + 1, stop);
      if (isSubmodule) notes.submodules.push(path);
      else if (tag === 'S' || tag === 's') notes.hidden.push(path);
      else if (tag >= 'a' && tag <= 'z') notes.unwatched.push(path);
    }
    start = stop + 1;
  }
  return notes;
}

type Stored = Partial<Record<Side, readonly [stamp: string, hidden: readonly string[]]>>;

/**
 * Which entries of each side's index a sparse checkout leaves out, as long as the index is the same one: to find them means
 * to read it whole. An index with anything else to note is read each time. A lost or damaged file costs time only.
 */
export class HiddenFiles {
  private known: Stored = {};

  constructor(private readonly file: string) {}

  async load(): Promise<void> {
    try {
      this.known = JSON.parse(await readFile(this.file, 'utf8')) as Stored;
    } catch {
      // There is none yet, or it was damaged.
    }
  }

  stampOf(side: Side): string {
    return this.known[side]?.[0] ?? '';
  }

  get(side: Side, stamp: string): readonly string[] | undefined {
    const known = this.known[side];
    return known?.[0] === stamp && stamp !== '' ? known[1] : undefined;
  }

  /** @param notes - with an empty stamp: not to be remembered */
  async set(
    notes: Readonly<Record<Side, readonly [stamp: string, hidden: readonly string[]]>>,
  ): Promise<void> {
    const text = JSON.stringify(notes);
    if (text === JSON.stringify(this.known)) return;
    this.known = notes;
    // Where it cannot be written the index is read again the next time.
    await replaceFile(this.file, text).catch(() => undefined);
  }
}
