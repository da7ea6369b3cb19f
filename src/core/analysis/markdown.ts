import { pathToFileURL } from 'node:url';

/** `text` as code within a line, whatever backticks and line breaks it has: for every word that is not ours. */
export function codeSpan(text: string): string {
  const line = text.replace(/\s+/gu, ' ');
  const ticks = '`'.repeat(longestRun(line) + 1);
  const pad = line === '' || line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** Lines as they are, in a block that no line among them can end. */
export function codeBlock(lines: readonly string[], language = 'text'): string {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}${language}`, ...lines, fence].join('\n');
}

/**
 * A link that opens a file, at a line when one is given (from 1).
 *
 * @param file - absolute
 */
export function fileLink(text: string, file: string, line?: number): string {
  const url = pathToFileURL(file).href;
  return link(text, `${url}${line === undefined ? '' : `#L${line}`}`);
}

/** A link to any address. Markdown ends it at a bracket; the rest that would is encoded already. */
export function link(text: string, url: string): string {
  return `[${codeSpan(text.replace(/[[\]]/gu, ' '))}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

/** A sentence of ours with words of others in it, so that nothing in it formats. */
export function plainText(text: string): string {
  // An underscore inside a word formats nothing.
  return text.replace(/\s+/gu, ' ').replace(/[\\`*[\]<>#|~]|(?<!\w)_|_(?!\w)/gu, '\\$&');
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/gu)) longest = Math.max(longest, run.length);
  return longest;
}
