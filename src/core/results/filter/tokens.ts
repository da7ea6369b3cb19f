/** A word of a filter. Places are offsets in the text. */
export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'operator' | 'end';
  /** Of a text without its quotes. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** What is wrong with a filter, where. */
export interface FilterProblem {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

// `val/loss`, `optimizer.lr`, `top-5` are names: there is no arithmetic that could want these signs.
const PIECES =
  /\s+|(?<operator>==|!=|<=|>=|<>|&&|\|\||[<>=!()[\],])|(?<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?![\w.]))|(?<name>[\p{L}_][\p{L}\p{N}_./@:-]*)|`(?<quotedName>[^`]*)`|"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>(?:[^'\\]|\\.)*)'/giuy;

/** The words of a filter, the last one of the kind `end`; or what is wrong with it. */
export function tokenize(text: string): readonly Token[] | FilterProblem {
  const tokens: Token[] = [];
  let place = 0;
  for (const match of text.matchAll(PIECES)) {
    place = match.index + match[0].length;
    const token = toToken(match);
    if (token) tokens.push(token);
  }
  if (place < text.length) {
    const sign = text.slice(place, place + 1);
    const message = /["'`]/u.test(sign) ? `The quote ${sign} is not closed.` : `“${sign}” cannot stand here.`;
    return { message, from: place, to: text.length };
  }
  return [...tokens, { kind: 'end', text: '', from: text.length, to: text.length }];
}

function toToken(match: RegExpExecArray): Token | undefined {
  const place = { from: match.index, to: match.index + match[0].length };
  // Typed as if every group took part in every match.
  const groups: Readonly<Record<string, string | undefined>> = match.groups ?? {};
  const { operator, number, name, quotedName, double, single } = groups;
  if (operator !== undefined) return { kind: 'operator', text: SAME[operator] ?? operator, ...place };
  if (number !== undefined) return { kind: 'number', text: number, ...place };
  if (name !== undefined || quotedName !== undefined)
    return { kind: 'name', text: name ?? quotedName ?? '', ...place };
  const quoted = double ?? single;
  return quoted === undefined
    ? undefined
    : { kind: 'text', text: quoted.replaceAll(/\\(.)/gsu, '$1'), ...place };
}

/** Signs of other languages. */
const SAME: Readonly<Record<string, string>> = { '=': '==', '<>': '!=', '&&': 'and', '||': 'or', '!': 'not' };
