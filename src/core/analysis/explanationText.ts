import type { EarlierException, FailureExplanation } from './failure';
import type { MatchedLine } from './patterns/matchPattern';

const QUOTED_LENGTH = 200;

/**
 * What is known about a failure, as sentences: what happened, the line that tells it where that is all it rests on, what
 * to do. Where the line may have nothing to do with the failure, they say so.
 */
export function explanationSentences(known: FailureExplanation): readonly string[] {
  const { explanation, advice, said, isOnlyRelated } = known;
  if (!said) return [explanation, advice];
  const line = `${placeOfLine(said)}: "${cut(said.line)}".`;
  return isOnlyRelated === true
    ? [
        `May be related, though nothing shows it: ${line} Where that is the cause: ${explanation}`,
        `Then: ${advice}`,
      ]
    : [explanation, `Told by ${line}`, advice];
}

/** The exception that was printed on the way, as a sentence. @param place - its place in the code, as the reader sees places */
export function earlierSentence({ title }: EarlierException, place: string | undefined): string {
  const where = place === undefined ? '' : `, at ${place}`;
  return `An exception was also printed earlier, and the program went on after it: ${title}${where}.`;
}

function placeOfLine({ log, linesAfter, inTask }: MatchedLine): string {
  const where = inTask === undefined ? log : `${log} of task ${inTask}`;
  if (linesAfter === 0) return `the last line of ${where}`;
  return `a line of ${where}, ${linesAfter} ${linesAfter === 1 ? 'line' : 'lines'} before its end`;
}

function cut(line: string): string {
  return line.length <= QUOTED_LENGTH ? line : `${line.slice(0, QUOTED_LENGTH)}…`;
}
