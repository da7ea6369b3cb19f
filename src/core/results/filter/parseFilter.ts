import type { JsonValue } from '../../sweep/value';
import { tokenize, type FilterProblem, type Token } from './tokens';

/** A filter as a tree. */
export type FilterNode =
  | { readonly kind: 'and' | 'or'; readonly left: FilterNode; readonly right: FilterNode }
  | { readonly kind: 'not'; readonly inner: FilterNode }
  | {
      readonly kind: 'compare';
      readonly name: Token;
      readonly operator: Comparison;
      readonly operand: Operand;
    }
  | { readonly kind: 'in'; readonly name: Token; readonly operands: readonly Operand[] }
  /** The column alone: it has a value, and that is not false. */
  | { readonly kind: 'has'; readonly name: Token };

/** What a column is compared with. A word without quotes may name another column. */
export interface Operand {
  readonly value: JsonValue;
  readonly token: Token;
}

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains';

const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>=', 'contains'];

/**
 * Reads a filter: `lr < 0.01 and (state == succeeded or acc > 0.9) and not optimizer in [sgd, "adam w"]`. Names with odd
 * signs stand in backticks, texts in quotes where they are no plain word. `&&`, `||`, `!` and `=` are taken too.
 *
 * @returns undefined for an empty text, which lets everything through
 */
export function parseFilter(text: string): FilterNode | FilterProblem | undefined {
  const tokens = tokenize(text);
  if ('message' in tokens) return tokens;
  if (tokens.length === 1) return undefined;
  try {
    return new FilterParser(tokens).parse();
  } catch (error) {
    if (error instanceof Unexpected) return error.problem;
    throw error;
  }
}

/** Inside the parser only: it ends the descent. */
class Unexpected extends Error {
  constructor(readonly problem: FilterProblem) {
    super(problem.message);
  }
}

/** Deeper brackets are a mistake, and would end in an exhausted stack. */
const MAX_DEPTH = 200;

class FilterParser {
  private place = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): FilterNode {
    const node = this.either();
    if (this.next.kind !== 'end') this.fail('Here “and” or “or” is missing.');
    return node;
  }

  private either(): FilterNode {
    if (++this.depth > MAX_DEPTH) this.fail('This is nested too deep.');
    let left = this.both();
    while (this.takeWord('or')) left = { kind: 'or', left, right: this.both() };
    this.depth--;
    return left;
  }

  private both(): FilterNode {
    let left = this.single();
    while (this.takeWord('and')) left = { kind: 'and', left, right: this.single() };
    return left;
  }

  private single(): FilterNode {
    let negated = false;
    while (this.takeWord('not')) negated = !negated;
    const inner = this.plain();
    return negated ? { kind: 'not', inner } : inner;
  }

  private plain(): FilterNode {
    if (this.takeWord('(')) {
      const inner = this.either();
      if (!this.takeWord(')')) this.fail('A closing bracket is missing here.');
      return inner;
    }
    const name = this.take();
    if (name.kind !== 'name' && name.kind !== 'text') this.fail('Here the name of a column is wanted.', name);
    if (this.takeWord('in')) return { kind: 'in', name, operands: this.list() };
    if (this.isWord('not') && this.isWord('in', 1)) {
      this.place += 2;
      return { kind: 'not', inner: { kind: 'in', name, operands: this.list() } };
    }
    const operator = this.next.text.toLowerCase();
    if (this.next.kind === 'text' || !COMPARISONS.includes(operator)) return { kind: 'has', name };
    this.take();
    return { kind: 'compare', name, operator: operator as Comparison, operand: this.operand() };
  }

  private list(): Operand[] {
    const close = this.takeWord('[') ? ']' : this.takeWord('(') ? ')' : undefined;
    if (close === undefined) this.fail('Here a list like [1, 2] is wanted.');
    const operands = [this.operand()];
    while (this.takeWord(',')) operands.push(this.operand());
    if (!this.takeWord(close)) this.fail(`“${close}” is missing here.`);
    return operands;
  }

  private operand(): Operand {
    const token = this.take();
    return { token, value: this.valueOf(token) };
  }

  private valueOf(token: Token): JsonValue {
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'text') return token.text;
    if (token.kind !== 'name')
      return this.fail('Here a value is wanted: a number, a word or a “text”.', token);
    const word = token.text.toLowerCase();
    const known = WORDS.get(word);
    return known === undefined ? token.text : known;
  }

  private get next(): Token {
    return this.at(0);
  }

  private at(ahead: number): Token {
    const token = this.tokens[Math.min(this.place + ahead, this.tokens.length - 1)];
    if (!token) throw new Error('a filter without its end');
    return token;
  }

  private take(): Token {
    const token = this.next;
    this.place++;
    return token;
  }

  private isWord(word: string, ahead = 0): boolean {
    const token = this.at(ahead);
    return token.kind !== 'text' && token.text.toLowerCase() === word;
  }

  private takeWord(word: string): boolean {
    const is = this.isWord(word);
    if (is) this.place++;
    return is;
  }

  private fail(message: string, { from, to }: Token = this.next): never {
    throw new Unexpected({ message, from, to });
  }
}

const WORDS = new Map<string, JsonValue>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['none', null],
  ['nan', NaN],
  ['inf', Infinity],
]);
