/**
 * What one does about a failure. `task`: its code or parameters must change; `resource`: it needs more of something;
 * `infrastructure`: a machine, network or service failed it; `environment`: the software or files there are not as it
 * expects.
 */
export type FailureClass = 'task' | 'resource' | 'infrastructure' | 'environment';

/** What a rerun would have to change to have a chance. `again`: nothing, it may just work. */
export type Remedy = 'memory' | 'time' | 'host' | 'again';

/** An exception that ended the program, or one of its causes. */
export interface RaisedException {
  /** `Type: message`. */
  readonly text: string;
  /** Python raised it. Undefined: not known. */
  readonly isPython?: boolean;
  /** Outermost first. */
  readonly frames?: readonly { readonly file: string; readonly function?: string }[];
}

/** Words of a matcher in place of its pattern's, where what it sees tells more, or proves less. */
export interface OwnWords {
  readonly explanation?: string;
  readonly advice?: string;
}

/**
 * Where a pattern looks. The named groups of an expression fill the `{name}` places of explanation and advice.
 *
 * `reason`: the engine's or the scheduler's words for the end, e.g. `OUT_OF_MEMORY`. `exception`: `Type: message` of the
 * exception that ended the program, or one of its causes. `output`: one of the last lines. `end`: the exit code, for a
 * failure that nothing else explains.
 */
export type Matcher =
  | ({ readonly in: 'reason'; readonly text: RegExp } & OwnWords)
  | ({
      readonly in: 'exception';
      readonly text: RegExp;
      /** A further condition on what the groups caught and where it was raised. */
      readonly when?: (values: PatternValues, raised: RaisedException) => boolean;
    } & OwnWords)
  | ({
      readonly in: 'output';
      readonly text: RegExp;
      /** The line tells of the end only with one of these. */
      readonly exitCodes?: readonly number[];
    } & OwnWords)
  | ({ readonly in: 'end'; readonly codes: readonly number[] } & OwnWords);

type ExceptionMatcher = Extract<Matcher, { in: 'exception' }>;
type OutputMatcher = Extract<Matcher, { in: 'output' }>;

export type PatternValues = Readonly<Record<string, string>>;

/** A kind of failure that is understood. Data: what it looks like, what it means, what to do. */
export interface FailurePattern {
  /** Stable; scripts read it. */
  readonly id: string;
  readonly class: FailureClass;
  /** Any of them. One for each form of the words, the most exact first: the first that matches fills the places. */
  readonly matchers: readonly Matcher[];
  /** What happened, no more than the text proves. */
  readonly explanation: string;
  /** What to do, concretely. */
  readonly advice: string;
  readonly remedy?: Remedy;
  /** Where this is known from. */
  readonly source: string;
}

/** In the exception that ended the program. */
export function raised(text: RegExp, more: Omit<ExceptionMatcher, 'in' | 'text'> = {}): Matcher {
  return { in: 'exception', text, ...more };
}

/** In one of the last lines of the output. */
export function printed(text: RegExp, more: Omit<OutputMatcher, 'in' | 'text'> = {}): Matcher {
  return { in: 'output', text, ...more };
}

/** In the exception, or printed by a program that has none; the forms of the words, the most exact first. */
export function said(...forms: readonly RegExp[]): readonly Matcher[] {
  return [...forms.map((form) => raised(form)), ...forms.map((form) => printed(form))];
}

/** By the exit code alone, with words that claim no more than it proves. */
export function endedWith(code: number, explanation: string, advice?: string): Matcher {
  return { in: 'end', codes: [code], explanation, ...(advice === undefined ? {} : { advice }) };
}

/** It was raised by Python. */
export function inPython(_: PatternValues, { isPython }: RaisedException): boolean {
  return isPython === true;
}

/** It was raised, but not by Python. */
export function notInPython(_: PatternValues, { isPython }: RaisedException): boolean {
  return isPython === false;
}

/** The same matchers with words of their own. */
export function worded(matchers: readonly Matcher[], words: OwnWords): readonly Matcher[] {
  return matchers.map((matcher) => ({ ...matcher, ...words }));
}
