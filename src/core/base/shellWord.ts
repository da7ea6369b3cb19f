/**
 * Quotes a text so that a POSIX shell reads exactly it as one word.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_02_02
 */
export function quoteWord(text: string): string {
  // Inside single quotes everything is literal but the single quote itself.
  return /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
