/** A link of a document, by what it shows. */
export interface UnfoldedLink {
  /** Offsets in the text; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** An address: `file:///a%20b.py#L12`, `hsm:/…`. */
  readonly url: string;
}

export interface UnfoldedText {
  readonly text: string;
  readonly links: readonly UnfoldedLink[];
}

// `[`model.py:8`](file:///project/model.py#L8)`; what a link shows is always code, in as many backticks as it needs.
const LINK = /\[(?<shown>(?<ticks>`+)[^\n]*?\k<ticks>)\]\((?<url>[^()\s]+)\)/u;
const FENCE = /^(?<fence>`{3,})/u;

/**
 * Markdown as an editor shows it best: links are what they show, and are told apart from the text; nothing is escaped.
 * Blocks of code stay as they are.
 */
export function unfoldLinks(markdown: string): UnfoldedText {
  const links: UnfoldedLink[] = [];
  let text = '';
  let fence: string | undefined;
  for (const line of markdown.split(/(?<=\n)/u)) {
    const mark = FENCE.exec(line)?.groups?.['fence'];
    const isCode = fence !== undefined || mark !== undefined;
    if (fence === undefined) fence = mark;
    else if (mark !== undefined && mark.length >= fence.length && line.trim() === mark) fence = undefined;
    if (isCode) text += line;
    else text = unfoldLine(line, text, links);
  }
  return { text, links };
}

function unfoldLine(line: string, before: string, links: UnfoldedLink[]): string {
  let text = before;
  let rest = line;
  for (let match = LINK.exec(rest); match; match = LINK.exec(rest)) {
    const { shown = '', url = '' } = match.groups ?? {};
    text += unescape(rest.slice(0, match.index));
    links.push({ start: text.length, end: text.length + shown.length, url });
    text += shown;
    rest = rest.slice(match.index + match[0].length);
  }
  return text + unescape(rest);
}

/** Outside of code a backslash stands before what would format; see `plainText`. */
function unescape(text: string): string {
  return text
    .split(/(`+[^`\n]*`+)/u)
    .map((part) => (part.startsWith('`') ? part : part.replace(/\\([\\`*_[\]<>#|~])/gu, '$1')))
    .join('');
}
