import type { FailurePattern, Matcher, PatternValues } from './failurePattern';
import { FAILURE_PATTERNS } from './patternTable';

/** What is known of a failure, for patterns to match. Secrets are out of it already. */
export interface PatternEvidence {
  /** The engine's or the scheduler's words for the end. */
  readonly reason?: string;
  readonly exitCode?: number;
  /** `Type: message` of the exception that ended the program, then of its causes, the nearest first. */
  readonly exceptions: readonly string[];
  /** Lines of stderr, then of stdout and other logs, without terminal escapes; only the last ones of each count. */
  readonly outputs: readonly (readonly string[])[];
}

export interface PatternMatch {
  readonly pattern: FailurePattern;
  readonly values: PatternValues;
}

/** Lines at the end of the output that can tell why a program ended. */
const LAST_LINES = 60;
/** A message longer than this ends in data. */
const EXCEPTION_LENGTH = 4000;

/**
 * The pattern that explains a failure. What decided the end goes before what was only said on the way: the scheduler's
 * word, then the exception that ended the program, then the last line of the output that any pattern knows, then the
 * exit code.
 */
export function matchPattern(evidence: PatternEvidence): PatternMatch | undefined {
  const { reason, exitCode, exceptions, outputs } = evidence;
  const byReason = reason === undefined ? undefined : first('reason', reason);
  if (byReason) return byReason;
  for (const exception of exceptions) {
    const match = first('exception', exception.slice(0, EXCEPTION_LENGTH));
    if (match) return match;
  }
  for (const output of outputs) {
    const match = lastLine(output);
    if (match) return match;
  }
  return byExitCode(exitCode);
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

function lastLine(output: readonly string[]): PatternMatch | undefined {
  let seen = 0;
  for (let at = output.length - 1; at >= 0 && seen < LAST_LINES; at -= 1) {
    const line = output[at]?.trim() ?? '';
    if (line === '') continue;
    seen += 1;
    const match = first('output', line);
    if (match) return match;
  }
  return undefined;
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
