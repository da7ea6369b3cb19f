import { DIRECTIONS } from '../../core/analysis/foreignLine';

// eslint-disable-next-line no-control-regex -- these are what is looked for
const STYLE = /\u001b\[[\d;]*m/gu;
// eslint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/gu;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns that a text takes on a terminal. Colours take none. */
export function displayWidth(text: string): number {
  const bare = text.replace(STYLE, '');
  // Nearly everything is ASCII, and a table has a lot of it.
  if (/^[ -~]*$/u.test(bare)) return bare.length;
  let width = 0;
  for (const { segment } of graphemes.segment(bare)) width += widthOf(segment);
  return width;
}

/** The text, or its beginning and `…` where it is wider than `columns`. Only for text without colours. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += widthOf(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return columns > 0 ? `${kept}…` : '';
}

/** Fills up with blanks on the right. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** Fills up with blanks on the left. */
export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - displayWidth(text))) + text;
}

/**
 * A foreign line as it can be shown: what a terminal would obey becomes blanks, what turns the direction of writing goes,
 * tabs stay.
 */
export function printable(line: string): string {
  return line.replace(DIRECTIONS, '').replace(CONTROL, (run) => run.replace(/[^\t]/gu, ' '));
}

/** A foreign text on one line, without anything that a terminal would obey, or that turns the direction of writing. */
export function oneLine(text: string): string {
  return text.replace(DIRECTIONS, '').replace(CONTROL, ' ').trim();
}

/** Wide are what Unicode calls East Asian Wide, and emoji. @see https://www.unicode.org/reports/tr11/ */
function widthOf(grapheme: string): number {
  const code = grapheme.codePointAt(0) ?? 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x20000 && code <= 0x3fffd) ||
    /^\p{Emoji_Presentation}/u.test(grapheme);
  return wide ? 2 : 1;
}
