/** The named groups of regular expressions that a line has, with their texts. */
export type NamedTexts = Readonly<Record<string, string>>;

/** Looks for the user's patterns in the output of programs. */
export interface LineMatcher {
  /**
   * Of each line what the patterns name in it. One that is named twice has the text of the last pattern.
   *
   * @throws HsmError `input.invalid` when a pattern takes too long, which it does for ever on an unlucky line; then it is
   *   not tried again
   */
  match(patterns: readonly RegExp[], lines: readonly string[]): Promise<readonly NamedTexts[]>;
}

/** Matches right here, without a limit: for patterns that are known to be harmless. */
export const matchHere: LineMatcher = {
  match: (patterns, lines) => Promise.resolve(lines.map((line) => namedTexts(patterns, line))),
};

function namedTexts(patterns: readonly RegExp[], line: string): NamedTexts {
  const found: [string, string][] = [];
  for (const pattern of patterns) {
    // Typed as if every group took part in every match.
    const groups: Readonly<Record<string, string | undefined>> = pattern.exec(line)?.groups ?? {};
    for (const [name, text] of Object.entries(groups)) if (text !== undefined) found.push([name, text]);
  }
  return Object.fromEntries(found);
}
