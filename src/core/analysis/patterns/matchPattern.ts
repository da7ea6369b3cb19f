import { isProgress, isWord } from '../afterTrace';
import type { FailurePattern, Matcher, PatternValues } from './failurePattern';
import { FAILURE_PATTERNS } from './patternTable';

/** What is known of a failure, for patterns to match. Secrets are out of it already. */
export interface PatternEvidence {
  /** The engine's or the scheduler's words for the end. */
  readonly reason?: string;
  readonly exitCode?: number;
  /** It was ended from outside, so that nothing in its own code or files can have done it. */
  readonly isKilled?: boolean;
  /** `Type: message` of the exception that ended the program, then of its causes, the nearest first. */
  readonly exceptions: readonly string[];
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
}

export interface PatternMatch {
  readonly pattern: FailurePattern;
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
/** A program that says this goes on. */
const GOES_ON =
  /\b(?:\w*warn(?:ing)?|deprecated|retrying|will retry|trying again|falling back|ignor(?:ed|ing)|skipp(?:ed|ing))\b|\bretry(?:ing)? (?:in|after|\d)|\battempt \d+(?:\/| of )\d+/iu;

/**
 * The pattern that explains a failure. What decided the end goes before what was only said on the way: the scheduler's
 * word, then the exception that ended the program, then the last line of the output that any pattern knows and that can
 * tell of the end, then the exit code. A line further up comes last, and is only said to be related.
 */
export function matchPattern(evidence: PatternEvidence): PatternMatch | undefined {
  const { reason, exitCode, exceptions, outputs } = evidence;
  const byReason = reason === undefined ? undefined : first('reason', reason);
  if (byReason) return byReason;
  for (const exception of exceptions) {
    const match = first('exception', exception.slice(0, EXCEPTION_LENGTH));
    if (match) return match;
  }
  let related: PatternMatch | undefined;
  for (const output of outputs) {
    for (const match of knownLines(output, evidence.isKilled === true)) {
      if (match.isOnlyRelated !== true) return match;
      related ??= match;
    }
  }
  return byExitCode(exitCode) ?? related;
}

function first(place: 'reason' | 'exception' | 'output', text: string): PatternMatch | undefined {
  for (const pattern of FAILURE_PATTERNS) {
    for (const matcher of pattern.matchers) {
      const values = matcher.in === place ? catchValues(matcher, text) : undefined;
      if (values) return { pattern, values };
    }
  }
  return undefined;
}

function catchValues(matcher: Exclude<Matcher, { in: 'end' }>, text: string): PatternValues | undefined {
  const match = matcher.text.exec(text);
  if (!match) return undefined;
  const caught = Object.entries(match.groups ?? {}).filter(([, value]) => (value as unknown) !== undefined);
  const values = Object.fromEntries(caught);
  return matcher.in === 'exception' && matcher.when && !matcher.when(values) ? undefined : values;
}

/** Lines that a pattern knows, the last one first. */
function* knownLines(output: OutputEvidence, isKilled: boolean): Generator<PatternMatch> {
  const { log, lines, canTell = () => true } = output;
  let linesAfter = 0;
  let wordsAfter = 0;
  let hasGoneOn = false;
  let seen = 0;
  for (let at = lines.length - 1; at >= 0 && seen < LAST_LINES; at -= 1) {
    const line = lines[at]?.trim() ?? '';
    if (line === '') continue;
    seen += 1;
    const match = GOES_ON.test(line) ? undefined : first('output', line);
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
  const pattern = FAILURE_PATTERNS.find(({ matchers }) =>
    matchers.some((matcher) => matcher.in === 'end' && matcher.codes.includes(exitCode)),
  );
  return pattern && { pattern, values: {} };
}

/**
 * An explanation or advice with its `{name}` places filled by what was caught; what was not caught leaves no hole.
 *
 * @param quote - how a caught text is set off, e.g. in quotes
 */
export function fillIn(
  text: string,
  values: PatternValues,
  quote: (value: string) => string = (value) => `"${value}"`,
): string {
  const filled = text.replaceAll(/\{(\w+)\}/gu, (_, name: string) => {
    const value = values[name];
    return value === undefined ? '' : quote(value);
  });
  return filled
    .replaceAll(/ +(?=[ .,:;)])/gu, '')
    .replaceAll(/ ?\(\)/gu, '')
    .trim();
}
