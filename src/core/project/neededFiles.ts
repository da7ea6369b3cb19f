import type { PreviewTask } from '../facade';

/** Tasks that are looked at: files that only some of many tasks need are rare. */
const LOOKED_AT = 50;
/** A sweep over thousands of words is no list of files. */
const MOST = 500;

/**
 * Texts of the first tasks that could be paths inside the project: words of their commands, and values of their
 * parameters. Relative to the project, in the order in which they appear.
 */
export function possiblePaths(tasks: Iterable<PreviewTask>): readonly string[] {
  const found = new Set<string>();
  let looked = 0;
  for (const { argv, parameters } of tasks) {
    const values = Object.values(parameters).filter((value) => typeof value === 'string');
    for (const text of [...argv, ...values]) {
      const path = insidePath(text);
      if (path !== undefined) found.add(path);
    }
    looked++;
    if (looked >= LOOKED_AT || found.size >= MOST) break;
  }
  return [...found];
}

/** Undefined for what is absolute, leads out of the project, or is none. */
function insidePath(text: string): string | undefined {
  if (/^(?:[/\\~-]|[A-Za-z]:)/.test(text) || text.length > 500) return undefined;
  const parts = text
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || parts.includes('..')) return undefined;
  return parts.join('/');
}

/** Those of the paths that a copy of the project lacks: neither a file of it nor a folder of one. */
export function missingFrom(files: readonly string[], paths: readonly string[]): readonly string[] {
  const there = new Set<string>();
  for (const file of files) {
    for (let end = file.length; end > 0; end = file.lastIndexOf('/', end - 1)) there.add(file.slice(0, end));
  }
  return paths.filter((path) => !there.has(path));
}
