import { isWord } from './afterTrace';
import type { FailedTask } from './failedTask';
import type { FoundTrace } from './endingTrace';
import type { FailureExplanation } from './failure';
import type { FailureTrace } from './failureTrace';
import type { RaisedException } from './patterns/failurePattern';
import { fillIn } from './patterns/fillIn';
import { matchPattern, type OutputEvidence, type PatternMatch } from './patterns/matchPattern';

/** One output of a task under its name, e.g. `stderr`. */
export type OutputLines = Pick<OutputEvidence, 'log' | 'lines'>;

/** Signals that a program's own doing brings about; every other one was sent to it. */
const OWN_SIGNALS = new Set([
  'SIGABRT',
  'SIGSEGV',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGTRAP',
  'SIGXFSZ',
  'SIGXCPU',
]);

/** Lines above an error's own one that are part of what is said of it. */
const OWN_LINES = 3;

/** What is known about failures of this kind, from the trace that ended the task, its last lines and its exit code. */
export function explain(
  task: FailedTask,
  found: FoundTrace | undefined,
  outputs: readonly OutputLines[],
): FailureExplanation | undefined {
  const { reason, exitCode, signal, endedBy, state } = task;
  const match = matchPattern({
    reason,
    exitCode,
    isKilled: endedBy !== undefined || state === 'lost' || (signal !== undefined && !OWN_SIGNALS.has(signal)),
    exceptions: found && found.role !== 'printed' ? raisedExceptions(found.trace) : [],
    outputs: outputs.map((output, index) => ({ ...output, canTell: judgeOfLines(found, output, index) })),
  });
  return match && toExplanation(match);
}

function toExplanation({ pattern, words, values, said, isOnlyRelated }: PatternMatch): FailureExplanation {
  const hasRemedy = pattern.remedy !== undefined && isOnlyRelated !== true;
  return {
    pattern: pattern.id,
    class: pattern.class,
    explanation: fillIn(words.explanation, values),
    advice: fillIn(words.advice, values),
    ...(Object.keys(values).length === 0 ? {} : { unfilled: { ...words, values } }),
    ...(hasRemedy ? { remedy: pattern.remedy } : {}),
    knownFrom: pattern.source,
    ...(said === undefined ? {} : { said }),
    ...(isOnlyRelated === true ? { isOnlyRelated } : {}),
  };
}

/** The exception with its message, then what was printed with it, the nearest first. */
function raisedExceptions({
  exceptionType,
  message,
  frames,
  related,
  isPython = false,
}: FailureTrace): RaisedException[] {
  const said = ownLines(message).join('\n');
  const text = exceptionType === undefined ? said : `${exceptionType}: ${said}`;
  const causes = related.map(({ title, frames: of }) => ({ text: title, frames: of, isPython }));
  return [{ text, frames, isPython }, ...causes.reverse()];
}

// NCCL's own message follows PyTorch's at the margin: `ncclSystemError: …`, `Last error:`
const CONTINUED = /^(?:nccl\w+: |Last error:)/u;

/** The lines that are the message beyond doubt: what stands unannounced at the margin may be other output. */
function ownLines(message: string): string[] {
  const lines = message.split('\n');
  const end = lines.findIndex((line, at) => {
    const before = lines[at - 1];
    if (before === undefined || /^\s/u.test(line) || CONTINUED.test(line)) return false;
    // PyYAML: `found character '\t' that cannot start any token`, below it `  in "x.yaml", line 2, column 1`
    if (/^ {2}in "/u.test(lines[at + 1] ?? '')) return false;
    return before.trim() !== '' && !/[:({[]\s*$/u.test(before);
  });
  return end < 0 ? lines : lines.slice(0, end);
}

/**
 * Where an exception ended the program, its own lines tell of the end, and what others have to say after it; the lines of
 * an exception that did not end it tell of something else.
 */
function judgeOfLines(
  found: FoundTrace | undefined,
  { lines }: OutputLines,
  output: number,
): (line: string, index: number) => boolean {
  if (!found) return () => true;
  const { trace, role } = found;
  const titles = [trace.title, ...trace.related.map(({ title }) => title), ...ownLines(trace.message)];
  const belongs = (line: string): boolean =>
    titles.some((title) => title !== '' && (line.includes(title) || title.includes(line)));
  if (role === 'printed') return (line) => !belongs(line);
  const end = output === found.output ? lines.length - trace.after.length : Infinity;
  return (line, index) => {
    if (belongs(line)) return true;
    return index < end ? index >= end - OWN_LINES : !isWord(lines[index] ?? '');
  };
}
