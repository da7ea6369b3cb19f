import type { FailureExplanation } from '../failure';
import { fillIn } from './fillIn';

/** What one task's failure means. */
export interface ExplainedTask {
  readonly task: number;
  readonly explanation: FailureExplanation;
}

/**
 * What failures mean that one pattern explains, in words that are true of all of them: where the tasks differ in what
 * was caught, the values are listed, and a line that was not said by all names its task.
 *
 * @param tasks - all by one pattern; the first lends its words where they cannot be joined
 */
export function shareExplanation(first: ExplainedTask, others: readonly ExplainedTask[]): FailureExplanation {
  const { unfilled, ...known } = first.explanation;
  const all = [first.explanation, ...others.map((other) => other.explanation)];
  return { ...known, ...sharedWords(unfilled, all), ...sharedLine(first, all) };
}

function sharedWords(
  unfilled: FailureExplanation['unfilled'],
  all: readonly FailureExplanation[],
): Pick<FailureExplanation, 'explanation' | 'advice'> | undefined {
  if (!unfilled || all.every(({ explanation }) => explanation === all[0]?.explanation)) return undefined;
  const values: Record<string, string[]> = {};
  for (const [name, seen] of valuesByName(all)) values[name] = [...seen];
  return { explanation: fillIn(unfilled.explanation, values), advice: fillIn(unfilled.advice, values) };
}

function valuesByName(all: readonly FailureExplanation[]): Map<string, Set<string>> {
  const byName = new Map<string, Set<string>>();
  for (const { unfilled } of all) {
    for (const [name, value] of Object.entries(unfilled?.values ?? {})) {
      byName.set(name, (byName.get(name) ?? new Set()).add(value));
    }
  }
  return byName;
}

function sharedLine(
  { task, explanation: { said } }: ExplainedTask,
  all: readonly FailureExplanation[],
): Pick<FailureExplanation, 'said'> | undefined {
  if (!said || all.every((other) => other.said?.line === said.line)) return undefined;
  return { said: { ...said, inTask: task } };
}
