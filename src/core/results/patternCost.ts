/** A word of a regular expression; of a group its start, of a class all of it. */
const PIECES =
  /(?<class>\[(?:\\.|[^\]\\])*\])|(?<escape>\\(?:[pPu]\{[^}]*\}|k<[^>]*>|.))|(?<open>\((?:\?(?:<[=!]|[=!:]|<[^>]*>))?)|(?<close>\))|(?<or>\|)|(?<repeat>[*+?]|\{\d+(?:,\d*)?\})\??|./gsu;

/** A part repeated more often than this, with ways to share a text out among the repetitions, may take for ever. */
const MOST_TIMES = 10;

interface Group {
  readonly from: number;
  /** Whether it can match one text in several ways: something in it has no fixed length or has alternatives. */
  isLoose: boolean;
}

/**
 * The part of a regular expression that could take for ever on an unlucky line, because a matcher which goes back tries
 * all ways to share a text out: it repeats what by itself has no fixed length, as `(\w+\s?)*$`, or repeats `.` twice
 * with nothing fixed between, as `.*.*=`. Some harmless
 * expressions are among them; each can be written without.
 *
 * @param body - a regular expression that compiles
 * @returns undefined when there is none
 * @see https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS
 */
export function endlessPart(body: string): string | undefined {
  const open: Group[] = [{ from: 0, isLoose: false }];
  let closed: Group | undefined;
  /** The last atom, and where the last `.*` began since something fixed. */
  let atom: { readonly text: string; readonly from: number } | undefined;
  let anything: number | undefined;
  for (const match of body.matchAll(PIECES)) {
    // Typed as if every group took part in every match.
    const groups: Readonly<Record<string, string | undefined>> = match.groups ?? {};
    const inner = open.at(-1);
    const before = closed;
    closed = undefined;
    const isAtom = ['open', 'close', 'or', 'repeat'].every((kind) => groups[kind] === undefined);
    // An atom that no quantifier followed is fixed.
    if (groups['or'] !== undefined || (atom && groups['repeat'] === undefined)) anything = undefined;
    if (atom?.text === '.' && groups['repeat'] !== undefined && timesOf(groups['repeat']).most === Infinity) {
      if (anything !== undefined) return body.slice(anything, match.index + match[0].length);
      anything = atom.from;
    }
    atom = isAtom ? { text: match[0], from: match.index } : undefined;
    if (groups['open'] !== undefined) open.push({ from: match.index, isLoose: false });
    else if (groups['close'] !== undefined) {
      closed = open.pop();
      const outer = open.at(-1);
      if (outer && closed?.isLoose) outer.isLoose = true;
    } else if (groups['or'] !== undefined && inner) inner.isLoose = true;
    else if (groups['repeat'] !== undefined && inner) {
      const { least, most } = timesOf(groups['repeat']);
      if (before?.isLoose && most > MOST_TIMES) return body.slice(before.from, match.index + match[0].length);
      if (least !== most) inner.isLoose = true;
    }
  }
  return undefined;
}

function timesOf(quantifier: string): { readonly least: number; readonly most: number } {
  if (quantifier === '?') return { least: 0, most: 1 };
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}$/u.exec(quantifier) ?? [];
  if (least === undefined) return { least: 0, most: Infinity };
  if (comma === '') return { least: Number(least), most: Number(least) };
  return { least: Number(least), most: most ? Number(most) : Infinity };
}
