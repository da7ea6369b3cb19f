import { isProgress, isWord } from '../afterTrace';
import type { FailurePattern, Matcher, PatternValues, RaisedException } from './failurePattern';
import { FAILURE_PATTERNS } from './patternTable';

/** What is known of a failure, for patterns to match. Secrets are out of it already. */
export interface PatternEvidence {
  /** The engine's or the scheduler's words for the end. */
  readonly reason?: string;
  readonly exitCode?: number;
  /** It was ended from outside, so that nothing in its own code or files can have done it. */
  readonly isKilled?: boolean;
  /** The exception that ended the program, then its causes, the nearest first. */
  readonly exceptions: readonly RaisedException[];
  /** Stderr, then stdout and other logs; only the last lines of each count. */
  readonly outputs: readonly OutputEvidence[];
}

export interface OutputEvidence {
  /** What it is called, e.g. `stderr`. */
  readonly log: string;
  /** Without terminal escapes. */
  readonly lines: readonly string[];
  /** Whether a line can tell of the end, as far as its place and the exception that ended the program go. Default: any can. */
  readonly canTell?: (line: string, index: number) => boolean;
}

/** The line of an output that a pattern knows. */
export interface MatchedLine {
  readonly log: string;
  readonly line: string;
  /** Lines after it that are not empty. */
  readonly linesAfter: number;
  /** Of a group: the task that said it, where the others said something else. */
  readonly inTask?: number;
}

export interface PatternMatch {
  readonly pattern: FailurePattern;
  /** Before {@link values} are filled in: the pattern's, or those of the one of its matchers that found it. */
  readonly words: { readonly explanation: string; readonly advice: string };
  readonly values: PatternValues;
  /** Where a line of the output is all that it rests on. */
  readonly said?: MatchedLine;
  /** The line was said, but nothing shows that the failure comes from it. */
  readonly isOnlyRelated?: boolean;
}

/** Lines at the end of the output that can have to do with why a program ended. */
const LAST_LINES = 60;
/** Lines with words of a program after which it still may have ended by what it said before them. */
const NEAR_END = 4;
/** A message longer than this ends in data. */
const EXCEPTION_LENGTH = 4000;
/** A program that says this goes on; NCCL says `NCCL WARN` of what ends it. */
const GOES_ON =
  /(?<!\bNCCL )\b(?:\w*warn(?:ing)?|deprecated|retrying|will retry|trying again|falling back|ignor(?:ed|ing)|skipp(?:ed|ing))\b|\bretry(?:ing)? (?:in|after|\d)|\battempt \d+(?:\/| of )\d+/iu;

/**
 * The pattern that explains a failure. What decided the end goes before what was only said on the way: the scheduler's
 * word, then the exception that ended the program, then the last line of the output that any pattern knows and that can
 * tell of the end, then the exit code. A line further up comes last, and is only said to be related.
 */
export function matchPattern(evidence: PatternEvidence): PatternMatch | undefined {
  const { reason, exitCode, exceptions, outputs } = evidence;
  const byReason =
    reason === undefined ? undefined : first(BY_PLACE.reason, ({ text }) => catchValues(text, reason));
  if (byReason) return byReason;
  for (const exception of exceptions) {
    const short = { ...exception, text: exception.text.slice(0, EXCEPTION_LENGTH) };
    const match = first(BY_PLACE.exception, (matcher) => inException(matcher, short));
    if (match) return match;
  }
  let related: PatternMatch | undefined;
  for (const output of outputs) {
    for (const match of knownLines(output, evidence)) {
      if (match.isOnlyRelated !== true) return match;
      related ??= match;
    }
  }
  return byExitCode(exitCode) ?? related;
}

type Place = Matcher['in'];
type MatcherIn<P extends Place> = Extract<Matcher, { in: P }>;

interface Row<P extends Place> {
  readonly pattern: FailurePattern;
  readonly matcher: MatcherIn<P>;
}

/** The matchers in the order of the table, by where they look: most lines of an output meet all of theirs. */
const BY_PLACE: { readonly [P in Place]: readonly Row<P>[] } = {
  reason: rowsIn('reason'),
  exception: rowsIn('exception'),
  output: rowsIn('output'),
  end: rowsIn('end'),
};

function rowsIn<P extends Place>(place: P): readonly Row<P>[] {
  const isThere = (matcher: Matcher): matcher is MatcherIn<P> => matcher.in === place;
  return FAILURE_PATTERNS.flatMap((pattern) =>
    pattern.matchers.filter(isThere).map((matcher) => ({ pattern, matcher })),
  );
}

/** All matchers of lines in one look each: three times as fast as one by one, and most lines are known to none. */
const ANY_OUTPUT: readonly RegExp[] = ['u', 'iu'].map((flags) => {
  const texts = BY_PLACE.output.map(({ matcher }) => matcher.text).filter((text) => text.flags === flags);
  // A name may stand in an expression once.
  const sources = texts.map(({ source }) => source.replace(/\(\?<(?![=!])[^>]+>/gu, '(?:'));
  return new RegExp(sources.length > 0 ? sources.join('|') : '(?!)', flags);
});

/** @param values - what a matcher caught, undefined when it does not match */
function first<P extends Place>(
  rows: readonly Row<P>[],
  values: (matcher: MatcherIn<P>) => PatternValues | undefined,
): PatternMatch | undefined {
  for (const { pattern, matcher } of rows) {
    const caught = values(matcher);
    if (!caught) continue;
    const { explanation = pattern.explanation, advice = pattern.advice } = matcher;
    return { pattern, words: { explanation, advice }, values: caught };
  }
  return undefined;
}

function inException(matcher: MatcherIn<'exception'>, exception: RaisedException): PatternValues | undefined {
  const values = catchValues(matcher.text, exception.text);
  return values && matcher.when?.(values, exception) === false ? undefined : values;
}

function inLine(
  { text, exitCodes }: MatcherIn<'output'>,
  line: string,
  exitCode: number | undefined,
): PatternValues | undefined {
  if (exitCodes && (exitCode === undefined || !exitCodes.includes(exitCode))) return undefined;
  return catchValues(text, line);
}

function catchValues(text: RegExp, said: string): PatternValues | undefined {
  const match = text.exec(said);
  if (!match) return undefined;
  const caught = Object.entries(match.groups ?? {}).filter(([, value]) => (value as unknown) !== undefined);
  return Object.fromEntries(caught);
}

/** Lines that a pattern knows, the last one first. */
function* knownLines(
  { log, lines, canTell = () => true }: OutputEvidence,
  { exitCode, isKilled = false }: PatternEvidence,
): Generator<PatternMatch> {
  let linesAfter = 0;
  let wordsAfter = 0;
  let hasGoneOn = false;
  let seen = 0;
  for (let at = lines.length - 1; at >= 0 && seen < LAST_LINES; at -= 1) {
    const line = lines[at]?.trim() ?? '';
    if (line === '') continue;
    seen += 1;
    const mayMatch = ANY_OUTPUT.some((any) => any.test(line)) && !GOES_ON.test(line);
    const match = mayMatch ? first(BY_PLACE.output, (matcher) => inLine(matcher, line, exitCode)) : undefined;
    if (match) {
      const isFar = wordsAfter > NEAR_END || hasGoneOn;
      const isElsewhere = !canTell(line, at) || (isKilled && !canKill(match.pattern));
      yield {
        ...match,
        said: { log, line, linesAfter },
        ...(isFar || isElsewhere ? { isOnlyRelated: true } : {}),
      };
    }
    linesAfter += 1;
    if (isWord(lines[at] ?? '')) wordsAfter += 1;
    hasGoneOn ||= isProgress(line);
  }
}

function canKill({ class: kind }: FailurePattern): boolean {
  return kind === 'resource' || kind === 'infrastructure';
}

function byExitCode(exitCode: number | undefined): PatternMatch | undefined {
  if (exitCode === undefined) return undefined;
  return first(BY_PLACE.end, ({ codes }) => (codes.includes(exitCode) ? {} : undefined));
}
