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
  const byReason = reason === undefined ? undefined : first((matcher) => inReason(matcher, reason));
  if (byReason) return byReason;
  for (const exception of exceptions) {
    const short = { ...exception, text: exception.text.slice(0, EXCEPTION_LENGTH) };
    const match = first((matcher) => inException(matcher, short));
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

/** What a matcher caught, undefined when it does not match. */
type Catch = (matcher: Matcher) => PatternValues | undefined;

function first(values: Catch): PatternMatch | undefined {
  for (const pattern of FAILURE_PATTERNS) {
    for (const matcher of pattern.matchers) {
      const caught = values(matcher);
      if (!caught) continue;
      const { explanation = pattern.explanation, advice = pattern.advice } = matcher;
      return { pattern, words: { explanation, advice }, values: caught };
    }
  }
  return undefined;
}

function inReason(matcher: Matcher, reason: string): PatternValues | undefined {
  return matcher.in === 'reason' ? catchValues(matcher.text, reason) : undefined;
}

function inException(matcher: Matcher, exception: RaisedException): PatternValues | undefined {
  if (matcher.in !== 'exception') return undefined;
  const values = catchValues(matcher.text, exception.text);
  return values && matcher.when?.(values, exception) === false ? undefined : values;
}

function inLine(matcher: Matcher, line: string, exitCode: number | undefined): PatternValues | undefined {
  if (matcher.in !== 'output') return undefined;
  const { text, exitCodes } = matcher;
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
    const match = GOES_ON.test(line) ? undefined : first((matcher) => inLine(matcher, line, exitCode));
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
  return first((matcher) => (matcher.in === 'end' && matcher.codes.includes(exitCode) ? {} : undefined));
}
