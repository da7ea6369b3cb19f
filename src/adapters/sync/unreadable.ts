/** Something that a look at a side could not read. */
export interface Unreadable {
  /** Relative to where the look began; undefined: not told in a form that we know. */
  readonly path?: string;
  /** In the words of the program that met it. */
  readonly text: string;
}

/** Reads lines of `find`, e.g. `find: './data/old': Permission denied`. What vanished meanwhile is not there, no more. */
export function unreadableOfFind(lines: readonly string[]): Unreadable[] {
  return lines
    .filter((line) => line !== '' && !line.endsWith(': No such file or directory'))
    .map((text) => withPath(text, /^find: ['‘]?(?:\.\/)?(.*?)['’]?: [^:]*$/u));
}

/**
 * Reads what `git status` says beside its answer, which it gives all the same: `warning: could not open directory
 * 'data/old/': Permission denied` of a folder, `data/x: Permission denied` of a tracked file. Other warnings are not of files.
 */
export function unreadableOfGit(lines: readonly string[]): Unreadable[] {
  return lines
    .filter((line) => line !== '' && !/^(?:hint|warning): (?!could not open directory)/.test(line))
    .map((text) => withPath(text, /^(?:warning: could not open directory ')?(.*?)\/?'?: [^:]*$/u));
}

function withPath(text: string, pattern: RegExp): Unreadable {
  const path = pattern.exec(text)?.[1];
  return { text, ...(path !== undefined && path !== '' && { path }) };
}
