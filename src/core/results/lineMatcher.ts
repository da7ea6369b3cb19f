/** The named groups of regular expressions that a line has, with their texts. */
export type NamedTexts = Readonly<Record<string, string>>;

/** What was found in some lines. */
export interface LineMatches {
  /** Of each line what the patterns name in it. One that is named twice has the text of the last pattern. */
  readonly lines: readonly NamedTexts[];
  /** Patterns that were not looked for, because they take too long. */
  readonly tooSlow: readonly RegExp[];
}

/** Looks for the user's patterns in the output of programs. */
export interface LineMatcher {
  /** A pattern that takes too long is given up for good: on an unlucky line it takes for ever. The others go on. */
  match(patterns: readonly RegExp[], lines: readonly string[]): Promise<LineMatches>;
}

/** Matches right here, without a limit: for patterns that are known to be harmless. */
export const matchHere: LineMatcher = {
  match: (patterns, lines) =>
    Promise.resolve({ lines: lines.map((line) => namedTexts(patterns, line)), tooSlow: [] }),
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
