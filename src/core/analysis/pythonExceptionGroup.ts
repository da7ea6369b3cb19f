// `  +-+---------------- 1 ----------------`, `    +---------------- 2 ----------------`, `    +----------------`
const SEPARATOR = /^\s*\+[-+]*-{8,}/u;

/**
 * Takes the printed form of an exception group apart: first the group's own traceback, then each member's, those of
 * nested groups after their group; without the lines drawn beside and between them.
 *
 * ```text
 *   + Exception Group Traceback (most recent call last):
 *   |   File "jobs.py", line 14, in <module>
 *   |     run_all()
 *   | ExceptionGroup: jobs failed (1 sub-exception)
 *   +-+---------------- 1 ----------------
 *     | ValueError: 3
 *     +------------------------------------
 * ```
 */
export function splitGroup(lines: readonly string[]): string[][] {
  const sections: string[][] = [[]];
  for (const line of lines) {
    if (SEPARATOR.test(line)) sections.push([]);
    else sections.at(-1)?.push(line.replace(/^\s*[|+] ?/u, ''));
  }
  return sections.filter((section) => section.length > 0);
}
