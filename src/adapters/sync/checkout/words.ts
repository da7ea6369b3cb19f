/** The sections of a program's answer, by name: words that ended with NUL. */
export type Sections = ReadonlyMap<string, readonly string[]>;

/**
 * Splits an answer. Names that are not UTF-8 come out with replacement characters, by which they are told.
 *
 * @returns undefined when the answer breaks off: there is no section `end`
 */
export function splitSections(answer: Buffer, mark: string): Sections | undefined {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  const begin = `\u0001${mark} `;
  // What a login prints before the program begins is not of the answer.
  const start = Math.max(0, answer.indexOf(begin));
  for (const word of splitWords(answer.subarray(start))) {
    if (word.startsWith(begin)) {
      current = [];
      sections.set(word.slice(begin.length), current);
    } else current.push(word);
  }
  return sections.has('end') ? sections : undefined;
}

/** Words that each end with NUL. */
export function splitWords(bytes: Buffer): string[] {
  const words = bytes.toString('utf8').split('\0');
  words.pop();
  return words;
}

/** Words as a program reads them. */
export function joinWords(words: Iterable<string>): Buffer {
  return Buffer.from([...words].map((word) => `${word}\0`).join(''));
}
