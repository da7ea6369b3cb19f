/** What the thread says: which pattern it begins with, then what all patterns found in each line. */
export type MatchAnswer =
  | { readonly kind: 'begin'; readonly pattern: number }
  | { readonly kind: 'found'; readonly found: readonly (readonly [name: string, text: string][])[] };

/** The program of the thread. As a text, because the product is one file: there is no other one to load. */
export const MATCH_PROGRAM = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ patterns, lines }) => {
  const found = lines.map(() => []);
  for (const [index, pattern] of patterns.entries()) {
    parentPort.postMessage({ kind: 'begin', pattern: index });
    for (const [line, text] of lines.entries()) {
      for (const [name, value] of Object.entries(pattern.exec(text)?.groups ?? {}))
        if (value !== undefined) found[line].push([name, value]);
    }
  }
  parentPort.postMessage({ kind: 'found', found });
});
`;
