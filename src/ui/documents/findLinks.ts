/** A place in a file that a text names. */
export interface FileLink {
  /** Offsets in the text; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** As the text names it. */
  readonly path: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
}

/**
 * Finds the places in files that a summary, preview or traceback names. Three ways of writing are known:
 *
 *     [stderr.log](</runs/a b/stderr.log:12>)
 *     File "/project/train.py", line 12, in main
 *     models/net.py:12:5
 */
export function findLinks(text: string): readonly FileLink[] {
  const links: FileLink[] = [];
  for (const find of [findMarkdownLinks, findTracebackLines, findLocations]) {
    for (const link of find(text)) {
      if (!links.some((other) => overlaps(link, other))) links.push(link);
    }
  }
  return links.sort((a, b) => a.start - b.start);
}

type Span = Pick<FileLink, 'start' | 'end'>;

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

function* findMarkdownLinks(text: string): Generator<FileLink> {
  for (const match of text.matchAll(/\[(?:[^\]\\\n]|\\.)+\]\((?:<([^>\n]+)>|([^)\s]+))\)/g)) {
    const target = match[1] ?? match[2] ?? '';
    // VS Code finds web addresses by itself.
    if (/^[a-z]{2,}:\/\//i.test(target) && !target.startsWith('file://')) continue;
    yield { start: match.index, end: match.index + match[0].length, ...parseTarget(target) };
  }
}

/** `/a/b.py`, `/a/b.py:12`, `/a/b.py:12:5`, `/a/b.py#L12` or any of them as a `file:` address. */
export function parseTarget(target: string): Pick<FileLink, 'path' | 'line' | 'column'> {
  const [, head = target, line, column] = /^(.*?)(?:(?::|#L)(\d+)(?:[:,](\d+))?)?$/.exec(target) ?? [];
  return {
    path: head.startsWith('file://') ? pathOfUrl(head) : head,
    ...(line && { line: Number(line) }),
    ...(column && { column: Number(column) }),
  };
}

/** `file:///a%20b` → `/a b`; `file:///C:/a` → `C:/a`. */
function pathOfUrl(url: string): string {
  return decodeURIComponent(new URL(url).pathname).replace(/^\/(?=[A-Za-z]:)/, '');
}

function* findTracebackLines(text: string): Generator<FileLink> {
  for (const match of text.matchAll(/File "([^"\n]+)", line (\d+)/g)) {
    const [all, path = '', line] = match;
    yield { start: match.index, end: match.index + all.length, path, line: Number(line) };
  }
}

function* findLocations(text: string): Generator<FileLink> {
  for (const match of text.matchAll(
    /(?<![\w./\\~:-])((?:[A-Za-z]:)?[\w./\\~@+-]*\.[A-Za-z]\w*):(\d+)(?::(\d+))?\b/g,
  )) {
    const [all, path = '', line, column] = match;
    const start = match.index;
    yield {
      start,
      end: start + all.length,
      path,
      line: Number(line),
      ...(column && { column: Number(column) }),
    };
  }
}

/** Joins a path of a text to the folder that it is relative to. */
export function resolvePath(baseDir: string, path: string): string {
  return /^(?:\/|[A-Za-z]:[\\/])/.test(path) ? path : `${baseDir}/${path}`;
}
