import { createHash } from 'node:crypto';

/** A file of a project's code. */
export interface CodeEntry {
  /** Relative to the project, with `/`. */
  readonly path: string;
  /** `program`: a file that may be executed. */
  readonly kind: 'file' | 'program' | 'link';
  /** The SHA-256 of a file as hexadecimal digits; what a symbolic link points to. */
  readonly content: string;
}

/** A copy of a project's code on this machine that nobody changes. */
export interface SealedCode {
  /** Names its content. */
  readonly digest: string;
  /** Absolute. */
  readonly dir: string;
  /** At least one; in the order of their paths. */
  readonly entries: readonly CodeEntry[];
}

const LETTERS = { file: 'f', program: 'x', link: 'l' } as const;
const KINDS: Readonly<Record<string, CodeEntry['kind']>> = { f: 'file', x: 'program', l: 'link' };

/** The entries as text, e.g. `f train.py⌁0f3a…⌁l data⌁/mnt/data⌁`, where ⌁ is a NUL. */
export function formatCodeList(entries: readonly CodeEntry[]): string {
  return entries.map(({ kind, path, content }) => `${LETTERS[kind]} ${path}\0${content}\0`).join('');
}

/** Undefined for what {@link formatCodeList} does not make. */
export function parseCodeList(text: string): CodeEntry[] | undefined {
  const parts = text.split('\0');
  if (parts.pop() !== '' || parts.length % 2 !== 0) return undefined;
  const entries: CodeEntry[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [head = '', content = ''] = parts.slice(index, index + 2);
    const kind = KINDS[head.slice(0, 2).trimEnd()];
    if (kind === undefined) return undefined;
    entries.push({ path: head.slice(2), kind, content });
  }
  return entries;
}

/** Names a content: the same for the same paths, contents and permission to execute. */
export function digestOf(list: string): string {
  return createHash('sha256').update(list).digest('hex').slice(0, 20);
}
