/** What stands between the cells of a table. */
export type Separator = ',' | ';' | '\t';

// A quoted or a plain cell, then what ends it. A quoted one that is never closed goes to the end.
const CELLS: Readonly<Record<Separator, RegExp>> = {
  ',': /(?:"((?:[^"]|"")*)(?:"|$)|([^",\r\n]*))([^,\r\n]*)(,|\r\n|\n|\r|$)/guy,
  ';': /(?:"((?:[^"]|"")*)(?:"|$)|([^";\r\n]*))([^;\r\n]*)(;|\r\n|\n|\r|$)/guy,
  '\t': /(?:"((?:[^"]|"")*)(?:"|$)|([^"\t\r\n]*))([^\t\r\n]*)(\t|\r\n|\n|\r|$)/guy,
};

/**
 * The rows of a comma-separated text, without empty ones.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function parseCsv(text: string, separator: Separator = ','): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', rest = '', end] of text.matchAll(CELLS[separator])) {
    rows.at(-1)?.push((quoted?.replaceAll('""', '"') ?? plain) + rest);
    if (end === '') break;
    if (end !== separator) rows.push([]);
  }
  return rows.filter((row) => row.length > 1 || (row[0] ?? '') !== '');
}

/** What separates the cells of a table with this header: what it has most of, outside of quotes. */
export function separatorOf(header: string): Separator {
  const bare = header.replace(/"(?:[^"]|"")*"/gu, '');
  const count = (separator: Separator): number => bare.split(separator).length;
  return ([';', '\t'] as const).find((each) => count(each) > count(',')) ?? ',';
}

/** Rows as comma-separated text; lines end in CR LF, as RFC 4180 has it. */
export function formatCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(formatCell).join(',')}\r\n`).join('');
}

function formatCell(text: string): string {
  return /[",\r\n]|^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
